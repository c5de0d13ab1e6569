package dev.tahini.rpc.retry;

import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Deadlines of attempts and of their calls, which may go by different tickers. */
final class AttemptDeadline {
  private AttemptDeadline() {}

  /** The one of which less is left. */
  static @Nullable Deadline earlier(@Nullable Deadline one, @Nullable Deadline other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return nanosLeft(one) <= nanosLeft(other) ? one : other;
  }

  /** After a timeout, and not after the outer one, by whose ticker it goes. */
  static Deadline of(Duration timeout, @Nullable Deadline outer, Deadline.Ticker ticker) {
    if (outer == null) {
      return Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS, ticker);
    }
    long cut = nanosLeft(outer) - timeout.toNanos();
    return cut > 0 ? outer.offset(-cut, TimeUnit.NANOSECONDS) : outer;
  }

  /** Null without a deadline. */
  static @Nullable Duration left(@Nullable Deadline deadline) {
    return deadline == null ? null : Duration.ofNanos(nanosLeft(deadline));
  }

  private static long nanosLeft(Deadline deadline) {
    return deadline.timeRemaining(TimeUnit.NANOSECONDS);
  }
}
