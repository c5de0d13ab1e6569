package dev.tahini.rpc.testing.contract;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.RetryPolicy;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Retries UNAVAILABLE twice, as the server asks or after 10 ms; right but for one flaw. */
final class FlawedPolicy implements RetryPolicy {
  static final int MOST_ATTEMPTS = 3;
  private static final Duration TEN_MILLIS = Duration.ofMillis(10);

  private final RetryFlaw flaw;
  private final AtomicInteger decided = new AtomicInteger();
  private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

  FlawedPolicy(RetryFlaw flaw) {
    this.flaw = flaw;
  }

  private boolean has(RetryFlaw other) {
    return flaw == other;
  }

  @Override
  public Decision decide(History history) {
    beFlawed(history);
    Status.Code code = history.last().status().getCode();
    if (has(RetryFlaw.NULL_IF_LATE) && isLate(history)) {
      return nothing();
    }
    if (has(RetryFlaw.NEVER_RETRIES)
        || (code != Status.Code.UNAVAILABLE && !has(RetryFlaw.RETRIES_ANYTHING))) {
      return stop("not retriable");
    }
    if (history.attempts() >= MOST_ATTEMPTS && !has(RetryFlaw.NEVER_STOPS)) {
      return stop("tried " + MOST_ATTEMPTS + " times");
    }
    if (has(RetryFlaw.HAS_A_MEMORY) && decided.incrementAndGet() % 7 == 0) {
      return stop("the seventh");
    }
    if (has(RetryFlaw.NEGATIVE_DELAY_IF_LATE) && isLate(history)) {
      return Decision.retryAfter(requireNonNull(history.remaining()));
    }
    String pushback = history.last().trailers().get(RetryHistories.PUSHBACK);
    return pushback == null || has(RetryFlaw.IGNORES_PUSHBACK)
        ? Decision.retryAfter(TEN_MILLIS)
        : asTheServerSays(pushback);
  }

  private void beFlawed(History history) {
    Outcome last = history.last();
    switch (flaw) {
      case TAKES_TRAILERS_OUT -> last.trailers().discardAll(RetryHistories.DETAILS);
      case THROWS_ON_A_CODE -> {
        if (last.status().getCode() == Status.Code.DATA_LOSS) {
          throw new IllegalArgumentException("DATA_LOSS");
        }
      }
      case NEEDS_A_BACKEND -> requireNonNull(last.backend(), "backend");
      case OVERFLOWS -> {
        if (last.took().plus(last.delayBefore()).toNanos() < 0) {
          throw new IllegalStateException("less than no time");
        }
      }
      case BELONGS_TO_ONE_THREAD -> {
        if (!owner.compareAndSet(null, Thread.currentThread())
            && owner.get() != Thread.currentThread()) {
          throw new IllegalStateException("of another thread");
        }
      }
      case WAITS_ITSELF -> awaitOneMilli();
      default -> {}
    }
  }

  private static void awaitOneMilli() {
    try {
      if (new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isLate(History history) {
    Duration remaining = history.remaining();
    return remaining != null && remaining.isNegative();
  }

  private Decision stop(String why) {
    return Decision.stop(has(RetryFlaw.STOPS_WITHOUT_WORDS) ? "" : why);
  }

  @SuppressWarnings("NullAway") // what a policy without NullAway may do
  private static Decision nothing() {
    return null;
  }

  private Decision asTheServerSays(String pushback) {
    long millis;
    try {
      millis = Long.parseLong(pushback);
    } catch (NumberFormatException e) {
      if (has(RetryFlaw.PARSES_BLINDLY)) {
        throw e;
      }
      return stop("pushback is no number");
    }
    return millis < 0
        ? stop("the server asks for no retry")
        : Decision.retryAfter(Duration.ofMillis(millis));
  }
}
