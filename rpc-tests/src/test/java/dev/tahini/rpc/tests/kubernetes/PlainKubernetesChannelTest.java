package dev.tahini.rpc.tests.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import dev.tahini.rpc.discovery.k8s.KubernetesNameResolverProvider;
import dev.tahini.rpc.discovery.k8s.KubernetesOptions;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.ProbeServers;
import dev.tahini.rpc.tests.Probes;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A plain gRPC channel, with gRPC's own policies and with ours, without Guice or a client of ours.
 */
class PlainKubernetesChannelTest {
  private final FakeApiServer api = FakeApiServer.start();

  @AfterEach
  void closeServer() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pick_first", "round_robin", "tahini"})
  void callsFollowTheSlices(String policy) {
    try (ProbeServers servers = ProbeServers.start("127.0.0.2", "127.0.0.3")) {
      list(servers.port(), "127.0.0.2");
      ManagedChannel channel = channel(policy);
      try {
        ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(channel);
        assertEquals("127.0.0.2", stub.ask(Probes.ASK).getServer());

        list(servers.port(), "127.0.0.3");

        Await.until(
            () -> "a call on the new pod",
            () -> stub.ask(Probes.ASK).getServer().equals("127.0.0.3"));
      } finally {
        channel.shutdownNow();
      }
      api.awaitWatches(0);
    }
  }

  @Test
  void missingRightIsSaidToTheCaller() {
    api.access().allow("some other token");
    ManagedChannel channel = channel("round_robin");
    try {
      StatusRuntimeException error =
          assertThrows(
              StatusRuntimeException.class,
              () -> ProbeGrpc.newBlockingStub(channel).ask(Probes.ASK));

      assertEquals(Status.Code.UNAVAILABLE, error.getStatus().getCode());
      assertTrue(
          String.valueOf(error.getMessage()).contains("endpointslices in discovery.k8s.io"),
          error::toString);
    } finally {
      channel.shutdownNow();
    }
  }

  private void list(int port, String address) {
    api.put(
        FakeSlice.of("prod", "probe", "a").port("grpc", port).endpoint(FakeEndpoint.of(address)));
  }

  private ManagedChannel channel(String policy) {
    NameResolverRegistry registry = new NameResolverRegistry();
    registry.register(
        new KubernetesNameResolverProvider(KubernetesOptions.defaults().withServer(api.uri())));
    return Grpc.newChannelBuilder(
            "k8s:///probe.prod:grpc", InsecureChannelCredentials.create(), registry)
        .defaultLoadBalancingPolicy(policy)
        .build();
  }
}
