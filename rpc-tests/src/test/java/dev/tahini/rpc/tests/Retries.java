package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;

import dev.tahini.rpc.core.ClientOptions;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.time.Duration;

/** Who makes the calls again that no server has seen. */
public enum Retries {
  GRPC,
  LEAN;

  /** The same options, with these retries. */
  public <B extends ClientOptions<B>> B on(B options) {
    return this == LEAN ? options.leanTransparentRetries() : options;
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
