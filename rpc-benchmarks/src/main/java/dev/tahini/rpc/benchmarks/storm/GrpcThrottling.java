package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.RetryPolicy;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Set;

/**
 * A model of gRPC's {@code retryThrottling}: one bucket of tokens for a client; a failure that
 * might be retried takes one out, a success puts a part of one in, and retries are made while more
 * than half of them are there. Source: gRFC A6, {@code RetriableStream.Throttle}. Confined to the
 * simulation's thread.
 */
final class GrpcThrottling implements RetryPolicy {
  private static final double MAX_TOKENS = 100;
  private static final double TOKEN_RATIO = 0.1;
  private static final Set<Code> RETRIED = Set.of(Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED);

  private final RetryPolicy retries;
  private double tokens = MAX_TOKENS;

  /**
   * A full bucket.
   *
   * @param retries what is done while there are tokens
   */
  GrpcThrottling(RetryPolicy retries) {
    this.retries = retries;
  }

  /** An attempt ended: successes are not told to a policy. */
  void attemptEnded(Status status) {
    if (status.isOk()) {
      tokens = Math.min(MAX_TOKENS, tokens + TOKEN_RATIO);
    }
  }

  @Override
  public Decision decide(History history) {
    Code code = history.last().status().getCode();
    if (!RETRIED.contains(code)) {
      return Decision.stop(code + " is not retried");
    }
    tokens = Math.max(0, tokens - 1);
    return tokens > MAX_TOKENS / 2 ? retries.decide(history) : Decision.stop("throttled");
  }
}
