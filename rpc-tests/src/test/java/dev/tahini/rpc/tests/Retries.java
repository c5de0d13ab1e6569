package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;

import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryBudgets;
import dev.tahini.rpc.retry.RetryFeature;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.RetryRules;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.time.Duration;

/** Who makes the calls again that no server has seen. */
public enum Retries {
  GRPC,
  /** The retry feature, without a policy. */
  FEATURE;

  /** The same options, with these retries. */
  public <S> RpcClient.Builder<S> on(RpcClient.Builder<S> options) {
    return this == FEATURE ? options.feature(feature(RetryOptions.none())) : options;
  }

  /** One of a single client. */
  public static RetryFeature feature(RetryOptions options) {
    return new RetryFeature(RetryRules.all(options), new RetryBudgets(TimeSource.system()));
  }

  /** A client of what a discovery lists; its end waits for no call. */
  public RpcClient<ProbeFutureStub> client(TestDiscovery discovery) {
    return on(RpcClient.builder(TARGET, ProbeGrpc::newFutureStub))
        .discovery(discovery)
        .plaintext()
        .gracePeriod(Duration.ZERO)
        .build();
  }
}
