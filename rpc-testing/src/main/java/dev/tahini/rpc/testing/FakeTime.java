package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.TimeSource;
import io.grpc.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes when the test says so: a ticker, a clock and a scheduler that move together. It
 * drives a client's backoffs, a discovery's look-ups and, in-process, deadlines; nothing sleeps.
 *
 * <pre>{@code
 * FakeTime time = new FakeTime();
 * var client = RpcClient.builder(target, stubs).time(time)
 *     .channelFactory(InProcessChannelFactory.in(time))...
 * time.advance(Duration.ofSeconds(10)); // runs what is due on the way, in order, on this thread
 * }</pre>
 *
 * <p>What gRPC itself schedules follows this time only in-process: the network's transport has
 * timers of its own. gRPC's idle mode takes the system's time in any case.
 *
 * <p>Thread-safe; but only one thread at a time may advance it.
 */
public final class FakeTime implements TimeSource {
  private static final Instant DEFAULT_START = Instant.parse("2026-01-01T00:00:00Z");

  private final Instant start;
  private final FakeTicker ticker = new FakeTicker();
  private final FakeScheduler scheduler = new FakeScheduler(ticker);

  /** Time that begins at the start of 2026. */
  public FakeTime() {
    this(DEFAULT_START);
  }

  /**
   * Time that begins where the test says.
   *
   * @param start the clock's first instant
   */
  public FakeTime(Instant start) {
    this.start = requireNonNull(start, "start");
  }

  @Override
  public FakeTicker ticker() {
    return ticker;
  }

  @Override
  public InstantSource clock() {
    return () -> start.plusNanos(ticker.nanoTime());
  }

  @Override
  public FakeScheduler scheduler() {
    return scheduler;
  }

  /**
   * The time.
   *
   * @return what {@link #clock()} says
   */
  public Instant now() {
    return clock().instant();
  }

  /**
   * A deadline in this time, for {@code stub.withDeadline(...)} of an in-process call. {@code
   * withDeadlineAfter} takes the system's time, and gRPC lets no two kinds meet in a call: a {@code
   * Context} that has a deadline needs one of this time, too.
   *
   * @param duration from now
   * @return the deadline
   */
  public Deadline deadlineAfter(Duration duration) {
    return Deadline.after(duration.toNanos(), TimeUnit.NANOSECONDS, ticker);
  }

  /**
   * Lets time pass. Runs what is due on the way, also what that schedules in turn, in the order of
   * its time and then of its being scheduled, on the calling thread. Zero runs what is due now.
   *
   * <p>What a task throws comes out of here; the next advance goes on after it.
   *
   * @param duration zero or more
   * @throws InvalidValueException if it is negative
   * @throws IllegalStateException if this thread or another is advancing already
   */
  public void advance(Duration duration) {
    if (requireNonNull(duration, "duration").isNegative()) {
      throw new InvalidValueException("duration", duration, "zero or more: time runs forwards");
    }
    scheduler.advance(duration.toNanos());
  }

  /**
   * Lets time pass up to a point.
   *
   * @param instant now or later
   * @throws InvalidValueException if it is before {@link #now()}
   * @throws IllegalStateException if this thread or another is advancing already
   */
  public void advanceTo(Instant instant) {
    Instant now = now();
    if (requireNonNull(instant, "instant").isBefore(now)) {
      throw new InvalidValueException("instant", instant, now + " or later: time runs forwards");
    }
    advance(Duration.between(now, instant));
  }

  /**
   * Lets time pass up to what is due next, and runs it.
   *
   * @return how long that took in this time, or null if nothing is scheduled
   * @throws IllegalStateException if this thread or another is advancing already
   */
  public @Nullable Duration advanceToNext() {
    List<Duration> pending = scheduler.pending();
    if (pending.isEmpty()) {
      return null;
    }
    Duration next = pending.get(0).isNegative() ? Duration.ZERO : pending.get(0);
    advance(next);
    return next;
  }

  /**
   * Waits, in the system's time, until something is scheduled that is due soon. For what another
   * thread is about to schedule, such as a backoff: advancing before would miss it.
   *
   * @param within how soon, in this time
   * @throws AssertionError after 15 s, with what is scheduled
   */
  public void awaitPending(Duration within) {
    scheduler.awaitPending(within);
  }

  /** The time. */
  @Override
  public String toString() {
    return now() + ", pending: " + scheduler.pending();
  }
}
