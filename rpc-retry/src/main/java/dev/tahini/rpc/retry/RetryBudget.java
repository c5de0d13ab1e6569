package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts beyond the first may be made, so that retries do not keep down what they are to
 * help: a part of the calls of the last 10 s, and some per second for clients with few calls. Of
 * one target; retries around code, around futures and inside of stubs, and hedges, share it.
 * Source: M. Brooker and others' "retry budget", as Finagle has it. Thread-safe.
 */
public final class RetryBudget {
  private static final int WINDOW_SECONDS = 10;
  private static final double USUAL_PART = 0.2;
  private static final int USUAL_PER_SECOND = 10;

  private final double part;
  private final int perSecond;
  private final TimeSource time;
  private final LongAdder refused = new LongAdder();
  private final AtomicReferenceArray<@Nullable Second> seconds =
      new AtomicReferenceArray<>(WINDOW_SECONDS + 1);

  /** What happened in a second. */
  private static final class Second {
    final long number;
    final LongAdder calls = new LongAdder();
    final LongAdder retries = new LongAdder();

    Second(long number) {
      this.number = number;
    }
  }

  private RetryBudget(double part, int perSecond, TimeSource time) {
    if (!(part >= 0 && part <= 1_000)) {
      throw new InvalidValueException("part", part, "0 to 1000");
    }
    if (perSecond < 0) {
      throw new InvalidValueException("perSecond", perSecond, "0 or more");
    }
    this.part = part;
    this.perSecond = perSecond;
    this.time = requireNonNull(time, "time");
  }

  /**
   * The usual: 20 % of calls, and 10 a second.
   *
   * @param time by whose seconds the window moves on
   * @return a new one, full
   */
  public static RetryBudget of(TimeSource time) {
    return of(USUAL_PART, USUAL_PER_SECOND, time);
  }

  /**
   * Of other size.
   *
   * @param part of the calls, such as 0.2; 0 to 1000
   * @param perSecond beside that; 0 or more
   * @param time by whose seconds the window moves on
   * @return a new one, full
   * @throws InvalidValueException if one is out of its range
   */
  public static RetryBudget of(double part, int perSecond, TimeSource time) {
    return new RetryBudget(part, perSecond, time);
  }

  /** Notes a call: its first attempt is being made. */
  public void noteCall() {
    current().calls.increment();
  }

  /**
   * Takes what one more attempt costs, if it is there.
   *
   * @return whether the attempt may be made
   */
  public synchronized boolean tryRetry() {
    if (balance() < 1) {
      refused.increment();
      return false;
    }
    current().retries.increment();
    return true;
  }

  /**
   * How many attempts could be made now, beyond first ones. What was taken comes back after 10 to
   * 11 s, since whole seconds are counted: so the 10 s up to any retry never have more of them than
   * their calls allow, and two windows' worth are never taken within one.
   *
   * @return 0 or more
   */
  public double balance() {
    long now = second();
    long calls = 0;
    long retries = 0;
    for (int i = 0; i < seconds.length(); i++) {
      Second each = seconds.get(i);
      if (each != null && each.number >= now - WINDOW_SECONDS && each.number <= now) {
        calls += each.number == now - WINDOW_SECONDS ? 0 : each.calls.sum();
        retries += each.retries.sum();
      }
    }
    return Math.max(0, part * calls + (double) perSecond * WINDOW_SECONDS - retries);
  }

  /**
   * How many attempts it has not paid for.
   *
   * @return since it was made
   */
  public long refused() {
    return refused.sum();
  }

  private Second current() {
    long now = second();
    int index = (int) Math.floorMod(now, (long) seconds.length());
    while (true) {
      Second there = seconds.get(index);
      if (there != null && there.number >= now) {
        return there;
      }
      Second fresh = new Second(now);
      if (seconds.compareAndSet(index, there, fresh)) {
        return fresh;
      }
    }
  }

  private long second() {
    return TimeUnit.NANOSECONDS.toSeconds(time.ticker().nanoTime());
  }
}
