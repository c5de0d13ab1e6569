package dev.tahini.rpc.retry;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delays that grow: {@code base}, then {@code factor} times longer each time, up to {@code max},
 * and around that some chance, so that clients do not come back in step. Immutable.
 *
 * @param base the first delay; default 10 ms
 * @param factor by which each is longer than the one before, 1 or more; default 1.6
 * @param max none is longer; default 120 s
 * @param jitter which part of a delay is left to chance, 0 to 1: with 0.2, the default, a delay is
 *     0.8 to 1.2 times what the rest says, never above {@code max}; with {@link #FULL_JITTER}
 *     anything from 0 up to it
 */
public record Backoff(Duration base, double factor, Duration max, double jitter) {

  /** Any delay from none up to the bound. */
  public static final double FULL_JITTER = Double.POSITIVE_INFINITY;

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Backoff DEFAULTS =
      new Backoff(Duration.ofMillis(10), 1.6, Duration.ofMinutes(2), 0.2);

  /**
   * Checks the parts.
   *
   * @throws InvalidValueException naming the one that is out of its range
   */
  public Backoff {
    require(!base.isNegative() && base.compareTo(LONGEST) <= 0, "base", base, "0 to 1 day");
    require(factor >= 1 && Double.isFinite(factor), "factor", factor, "1 or more");
    require(
        max.compareTo(base) >= 0 && max.compareTo(LONGEST) <= 0,
        "max",
        max,
        "base (" + base + ") to 1 day");
    require(
        jitter == FULL_JITTER || (jitter >= 0 && jitter <= 1),
        "jitter",
        jitter,
        "0 to 1, or FULL_JITTER");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new InvalidValueException(name, value, expected);
    }
  }

  /**
   * As the Go package has them.
   *
   * @return 10 ms, 1.6, 120 s, 0.2
   */
  public static Backoff defaults() {
    return DEFAULTS;
  }

  /**
   * The same with another first delay.
   *
   * @param base 0 to 1 day
   * @return the changed copy
   * @throws InvalidValueException if it is out of its range
   */
  public Backoff withBase(Duration base) {
    return new Backoff(base, factor, max, jitter);
  }

  /**
   * The same with another growth.
   *
   * @param factor 1 or more
   * @return the changed copy
   * @throws InvalidValueException if it is out of its range
   */
  public Backoff withFactor(double factor) {
    return new Backoff(base, factor, max, jitter);
  }

  /**
   * The same with another longest delay.
   *
   * @param max the base to 1 day
   * @return the changed copy
   * @throws InvalidValueException if it is out of its range
   */
  public Backoff withMax(Duration max) {
    return new Backoff(base, factor, max, jitter);
  }

  /**
   * The same with another part left to chance.
   *
   * @param jitter 0 to 1, or {@link #FULL_JITTER}
   * @return the changed copy
   * @throws InvalidValueException if it is out of its range
   */
  public Backoff withJitter(double jitter) {
    return new Backoff(base, factor, max, jitter);
  }

  /** The delay before a retry, of which the first is 0. */
  Duration delay(int retry, RandomGenerator random) {
    double most = max.toNanos();
    double nanos = Math.min(most, base.toNanos() * Math.pow(factor, retry));
    double drawn =
        jitter == FULL_JITTER
            ? nanos * random.nextDouble()
            : nanos * (1 + jitter * (2 * random.nextDouble() - 1));
    return Duration.ofNanos((long) Math.min(most, drawn));
  }
}
