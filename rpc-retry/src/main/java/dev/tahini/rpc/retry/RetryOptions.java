package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is done for a method's calls. Immutable; start from {@link #defaults()}.
 *
 * @param policy what is tried again, and when; null for nothing but what no server saw
 * @param attemptTimeout how long one attempt may take, never longer than the call's own deadline;
 *     null for no limit
 * @param hedging null for none
 * @param bufferLimit a request of more bytes is not kept, and so not tried again; default 1 MiB
 */
public record RetryOptions(
    @Nullable RetryPolicy policy,
    @Nullable Duration attemptTimeout,
    @Nullable Hedging hedging,
    int bufferLimit) {
  private static final int USUAL_BUFFER = 1 << 20;
  private static final RetryOptions DEFAULTS =
      new RetryOptions(StandardRetryPolicy.defaults(), null, null, USUAL_BUFFER);
  private static final RetryOptions NONE = new RetryOptions(null, null, null, USUAL_BUFFER);

  /**
   * Checks the parts.
   *
   * @throws InvalidValueException if the timeout is not longer than zero, the limit is negative, or
   *     there is hedging without a policy
   */
  public RetryOptions {
    if (attemptTimeout != null && (attemptTimeout.isNegative() || attemptTimeout.isZero())) {
      throw new InvalidValueException("attemptTimeout", attemptTimeout, "more than zero");
    }
    if (bufferLimit < 0) {
      throw new InvalidValueException("bufferLimit", bufferLimit, "0 or more bytes");
    }
    if (hedging != null && policy == null) {
      throw new InvalidValueException("hedging", hedging, "none where there is no policy");
    }
  }

  /**
   * The usual.
   *
   * @return {@link StandardRetryPolicy#defaults()}, no timeout, no hedging, 1 MiB
   */
  public static RetryOptions defaults() {
    return DEFAULTS;
  }

  /**
   * No retries but of calls that no server saw.
   *
   * @return options without a policy
   */
  public static RetryOptions none() {
    return NONE;
  }

  /**
   * The same with another policy.
   *
   * @param policy what is tried again, and when
   * @return the changed copy
   */
  public RetryOptions withPolicy(RetryPolicy policy) {
    return new RetryOptions(requireNonNull(policy, "policy"), attemptTimeout, hedging, bufferLimit);
  }

  /**
   * The same with a limit for each attempt.
   *
   * @param timeout more than zero
   * @return the changed copy
   * @throws InvalidValueException if it is not longer than zero
   */
  public RetryOptions withAttemptTimeout(Duration timeout) {
    return new RetryOptions(policy, requireNonNull(timeout, "timeout"), hedging, bufferLimit);
  }

  /**
   * The same with hedging.
   *
   * @param hedging when, and how often
   * @return the changed copy
   * @throws InvalidValueException if there is no policy
   */
  public RetryOptions withHedging(Hedging hedging) {
    return new RetryOptions(
        policy, attemptTimeout, requireNonNull(hedging, "hedging"), bufferLimit);
  }

  /**
   * The same with another limit of what is kept of a request.
   *
   * @param bytes 0 or more
   * @return the changed copy
   * @throws InvalidValueException if it is negative
   */
  public RetryOptions withBufferLimit(int bytes) {
    return new RetryOptions(policy, attemptTimeout, hedging, bytes);
  }
}
