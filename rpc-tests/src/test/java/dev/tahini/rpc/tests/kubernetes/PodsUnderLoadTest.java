package dev.tahini.rpc.tests.kubernetes;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.discovery.k8s.KubernetesDiscovery;
import dev.tahini.rpc.discovery.k8s.KubernetesOptions;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.ClosedLoop;
import dev.tahini.rpc.tests.ProbeServers;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pods come and go, and the API server fails, while calls go on: not one of them fails. */
class PodsUnderLoadTest {
  private static final int CONCURRENCY = 20;
  private static final int CALLS = 500;
  private static final List<String> PODS =
      List.of("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.7");

  private final FakeApiServer api = FakeApiServer.start();
  private final ProbeServers servers = ProbeServers.start(PODS.toArray(String[]::new));

  @AfterEach
  void closeServers() {
    servers.close();
    api.close();
  }

  /** As a Deployment does it: a new pod is ready, then an old one is terminating, then gone. */
  @Test
  void rolloutLosesNoCall() {
    slice("a", ready(PODS.get(0)), ready(PODS.get(1)), ready(PODS.get(2)));
    try (RpcClient<ProbeBlockingStub> client = client();
        ClosedLoop calls = calls(client)) {
      for (int i = 0; i < 3; i++) {
        String old = PODS.get(i);
        slice("b", ready(PODS.get(i + 1)), ready(PODS.get(i + 2)), ready(PODS.get(i + 3)));
        api.delete("prod", "a");
        slice("a", terminating(old));
        awaitListed(client, PODS.get(i + 1), PODS.get(i + 2), PODS.get(i + 3));
        servers.drain(old);
        calls.awaitMore(CALLS);
      }
      calls.stopWithoutFailure();
    }
  }

  /** As the API server's controller does it: first they are in the one, then not in the other. */
  @Test
  void podsThatMoveBetweenSlicesLoseNoCall() {
    slice("a", ready(PODS.get(0)), ready(PODS.get(1)));
    slice("b");
    try (RpcClient<ProbeBlockingStub> client = client();
        ClosedLoop calls = calls(client)) {
      for (int i = 0; i < 10; i++) {
        slice(i % 2 == 0 ? "b" : "a", ready(PODS.get(0)), ready(PODS.get(1)));
        slice(i % 2 == 0 ? "a" : "b");
        calls.awaitMore(CALLS / 5);
      }
      awaitListed(client, PODS.get(0), PODS.get(1));
      calls.stopWithoutFailure();
    }
  }

  /** When all pods are ending at once, those that still serve do. */
  @Test
  void terminatingPodsServeWhileThereIsNoOther() {
    slice("a", ready(PODS.get(0)), ready(PODS.get(1)));
    try (RpcClient<ProbeBlockingStub> client = client();
        ClosedLoop calls = calls(client)) {
      slice("a", terminating(PODS.get(0)), terminating(PODS.get(1)));
      Await.until(
          () -> "two that drain: " + client.view().snapshot(),
          () ->
              client.view().snapshot().backends().stream()
                  .allMatch(b -> b.endpoint().condition() == Endpoint.Condition.DRAINING));
      calls.awaitMore(CALLS);
      slice("a", terminating(PODS.get(0)), terminating(PODS.get(1)), ready(PODS.get(2)));
      awaitListed(client, PODS.get(2));
      servers.drain(PODS.get(0));
      servers.drain(PODS.get(1));
      calls.awaitMore(CALLS);
      calls.stopWithoutFailure();
    }
  }

  @Test
  void failuresOfTheApiServerLoseNoCall() {
    slice("a", ready(PODS.get(0)), ready(PODS.get(1)));
    try (RpcClient<ProbeBlockingStub> client = client();
        ClosedLoop calls = calls(client)) {
      api.kill();
      Await.until(
          () -> "the failure to be seen: " + client.view().snapshot(),
          () -> client.view().snapshot().lastError() != null);
      calls.awaitMore(CALLS);
      slice("a", ready(PODS.get(1)), ready(PODS.get(2)));
      api.compact(); // what was watched from is forgotten, too
      api.restart();
      awaitListed(client, PODS.get(1), PODS.get(2));
      calls.awaitMore(CALLS);
      slice("a", ready(PODS.get(3)));
      awaitListed(client, PODS.get(3));
      calls.awaitMore(CALLS);
      calls.stopWithoutFailure();
    }
  }

  private void slice(String name, FakeEndpoint... endpoints) {
    api.put(
        FakeSlice.of("prod", "probe", name)
            .port("grpc", servers.port())
            .endpoints(Arrays.asList(endpoints)));
  }

  private static FakeEndpoint ready(String address) {
    return FakeEndpoint.of(address);
  }

  private static FakeEndpoint terminating(String address) {
    return FakeEndpoint.of(address).ready(false).serving(true).terminating(true);
  }

  /** Tries again soon; all else is as users have it. */
  private RpcClient<ProbeBlockingStub> client() {
    KubernetesOptions options =
        KubernetesOptions.defaults()
            .withServer(api.uri())
            .withBackoff(Duration.ofMillis(10), Duration.ofMillis(200));
    return RpcClient.builder("k8s:///probe.prod:grpc", ProbeGrpc::newBlockingStub)
        .discovery(new KubernetesDiscovery(options))
        .plaintext()
        .build();
  }

  private static ClosedLoop calls(RpcClient<?> client) {
    ClosedLoop calls = ClosedLoop.start(client.channel(), CONCURRENCY, i -> Pick.leastLoaded());
    calls.awaitMore(CALLS);
    return calls;
  }

  private void awaitListed(RpcClient<?> client, String... pods) {
    Set<String> expected =
        Arrays.stream(pods).map(ip -> ip + ":" + servers.port()).collect(Collectors.toSet());
    Await.until(
        () -> "the list " + expected + "; it is " + listed(client),
        () -> listed(client).equals(expected));
  }

  private static Set<String> listed(RpcClient<?> client) {
    return client.view().snapshot().backends().stream()
        .map(backend -> backend.endpoint().addressText())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
