package dev.tahini.rpc.retry;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says that what failed may be tried again, and how: thrown by the code of a user's that a retry
 * goes around, also as the cause of another exception. Source: {@code RetriableError} of the Go
 * package.
 */
public class RetriableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int max;
  private final Duration delay;
  private final double factor;

  /**
   * May be tried again, as the policy has it.
   *
   * @param message why
   * @param cause what failed, or null
   */
  public RetriableException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.max = 0;
    this.delay = Duration.ZERO;
    this.factor = 0;
  }

  /**
   * May be tried again, and so.
   *
   * @param cause what failed
   * @param max attempts in all, the first among them; 0 for as many as the policy allows. It can
   *     lower that number and not raise it
   * @param delay the next attempt is made no sooner than after this
   * @param factor by which the call's delays grow from now on; 0 for the policy's
   * @throws InvalidValueException if the maximum or the delay is negative, or the factor neither 0
   *     nor at least 1
   */
  public RetriableException(@Nullable Throwable cause, int max, Duration delay, double factor) {
    super(cause == null ? "may be tried again" : cause.getMessage(), cause);
    if (max < 0) {
      throw new InvalidValueException("max", max, "0 or more");
    }
    if (delay.isNegative()) {
      throw new InvalidValueException("delay", delay, "0 or more");
    }
    if (factor != 0 && !(factor >= 1 && Double.isFinite(factor))) {
      throw new InvalidValueException("factor", factor, "0, or 1 or more");
    }
    this.max = max;
    this.delay = delay;
    this.factor = factor;
  }

  /**
   * Attempts in all.
   *
   * @return 0 for as many as the policy allows
   */
  public int max() {
    return max;
  }

  /**
   * The least delay before the next attempt.
   *
   * @return zero or more
   */
  public Duration delay() {
    return delay;
  }

  /**
   * By which delays grow.
   *
   * @return 0 for the policy's
   */
  public double factor() {
    return factor;
  }

  /** The first one in a chain of causes, or null. */
  static @Nullable RetriableException in(@Nullable Throwable failure) {
    int depth = 0;
    for (Throwable each = failure; each != null && depth < LONGEST_CHAIN; each = each.getCause()) {
      if (each instanceof RetriableException found) {
        return found;
      }
      depth++;
    }
    return null;
  }

  /** Chains may be circles. */
  private static final int LONGEST_CHAIN = 100;
}
