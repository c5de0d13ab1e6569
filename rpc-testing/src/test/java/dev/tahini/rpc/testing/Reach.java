package dev.tahini.rpc.testing;

import io.grpc.BindableService;
import java.util.function.Function;

/** The two kinds of clusters, for tests that hold for both. */
enum Reach {
  IN_PROCESS,
  LOOPBACK;

  RpcTestCluster.Builder builder() {
    RpcTestCluster.Builder builder = RpcTestCluster.builder();
    return this == LOOPBACK ? builder.loopback() : builder.inProcess();
  }

  RpcTestCluster start(String... names) {
    return start(name -> new EchoService(), names);
  }

  RpcTestCluster start(Function<String, ? extends BindableService> services, String... names) {
    return builder().services(services).backends(names).start();
  }
}
