package dev.tahini.rpc.retry;

import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.testing.contract.RetryPolicyContract;

class StandardRetryPolicyContractTest extends RetryPolicyContract {
  @Override
  protected RetryPolicy newPolicy() {
    return StandardRetryPolicy.defaults();
  }

  @Override
  protected int mostAttempts() {
    return 5;
  }
}
