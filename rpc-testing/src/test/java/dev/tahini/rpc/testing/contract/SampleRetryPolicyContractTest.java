package dev.tahini.rpc.testing.contract;

import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.RetryPolicy.Decision;
import io.grpc.Status;
import java.time.Duration;

/** A policy of a few lines keeps the contract. */
class SampleRetryPolicyContractTest extends RetryPolicyContract {

  @Override
  protected RetryPolicy newPolicy() {
    return history ->
        history.last().status().getCode() == Status.Code.UNAVAILABLE && history.attempts() < 3
            ? Decision.retryAfter(Duration.ofMillis(10))
            : Decision.stop("not retriable, or tried three times");
  }

  @Override
  protected int mostAttempts() {
    return 3;
  }

  @Override
  protected boolean honoursPushback() {
    return false;
  }
}
