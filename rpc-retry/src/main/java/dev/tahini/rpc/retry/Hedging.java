package dev.tahini.rpc.retry;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;

/**
 * Another attempt beside one that takes long, on another backend: the first answer counts, and the
 * others are cancelled. Only of methods that are marked idempotent or free of side effects. Source:
 * gRFC A6; J. Dean and L. Barroso, "The Tail at Scale".
 *
 * @param delay how long an attempt may take before the next is made; with {@code observed} until
 *     enough calls were seen
 * @param observed whether to wait for the 95th percentile of the method's latency of the last
 *     seconds, as this client sees it, in the place of {@code delay}
 * @param maxAttempts in all, retries among them; 2 or more
 */
public record Hedging(Duration delay, boolean observed, int maxAttempts) {

  /**
   * Checks the parts.
   *
   * @throws InvalidValueException if the delay is negative, or there are fewer than 2 attempts
   */
  public Hedging {
    if (delay.isNegative() || delay.compareTo(Duration.ofDays(1)) > 0) {
      throw new InvalidValueException("delay", delay, "0 to 1 day");
    }
    if (maxAttempts < 2) {
      throw new InvalidValueException("maxAttempts", maxAttempts, "2 or more");
    }
  }

  /**
   * After a fixed delay.
   *
   * @param delay 0 to 1 day
   * @param maxAttempts in all; 2 or more
   * @return the hedging
   * @throws InvalidValueException if one is out of its range
   */
  public static Hedging after(Duration delay, int maxAttempts) {
    return new Hedging(delay, false, maxAttempts);
  }

  /**
   * After as long as 95 of 100 calls of the method take.
   *
   * @param before what is waited until 100 calls were seen; 0 to 1 day
   * @param maxAttempts in all; 2 or more
   * @return the hedging
   * @throws InvalidValueException if one is out of its range
   */
  public static Hedging afterP95(Duration before, int maxAttempts) {
    return new Hedging(before, true, maxAttempts);
  }
}
