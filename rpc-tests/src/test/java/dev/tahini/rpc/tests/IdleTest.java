package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.answer;
import static dev.tahini.rpc.tests.Probes.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** gRPC's idle mode takes the resolver and the balancer away; what the client knows stays. */
final class IdleTest {
  /**
   * gRPC's own default is 1,800; here its shortest, unless {@code -Dtahini.idleSeconds} says so.
   */
  private static final int IDLE_SECONDS = Integer.getInteger("tahini.idleSeconds", 1);

  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);
  @AutoClose private final Opened opened = new Opened();
  private final KeptChannelFactory channels = new KeptChannelFactory();

  @Test
  void enteringIdleKeepsListAndCounts() {
    RpcClient<ProbeBlockingStub> client = calledClient(9);
    List<Long> before = startedOf(client);

    enterIdle();

    assertEquals(before, startedOf(client));
    assertEquals(
        9, client.view().snapshot().backends().stream().mapToLong(b -> b.succeeded()).sum());
    assertNotNull(client.view().snapshot().lastConfirmed());
  }

  @Test
  void idleBackendsAreShownAsIdle() {
    RpcClient<ProbeBlockingStub> client = calledClient(1);

    enterIdle();

    Await.until(
        () -> "idle backends: " + client.view().snapshot(),
        () ->
            client.view().snapshot().backends().stream()
                .allMatch(b -> b.state() == ConnectivityState.IDLE));
  }

  @Test
  void callAfterIdleWaitsForNoDiscovery() {
    RpcClient<ProbeBlockingStub> client = calledClient(9);

    enterIdle();
    cluster.discovery().goSilent();
    client.stub().withDeadlineAfter(Await.PATIENCE).ask(ASK);

    assertEquals(1, cluster.discovery().on(TARGET).watches());
    assertEquals(10, startedOf(client).stream().mapToLong(n -> n).sum());
  }

  @Test
  void callAfterIdleGoesToTheLastListThoughDiscoveryFails() {
    RpcClient<ProbeBlockingStub> client = calledClient(1);
    cluster.discovery().fail(Status.UNAVAILABLE.withDescription("no DNS"));

    enterIdle();

    assertNotNull(client.stub().ask(ASK).getServer());
  }

  @Test
  void listThatComesWhileIdleServesTheNextCall() {
    RpcClient<ProbeBlockingStub> client = calledClient(1);
    enterIdle();

    cluster.add("added");
    list(cluster, "added");

    assertEquals("added", client.stub().ask(ASK).getServer());
  }

  @Test
  void callInFlightOutlivesIdle() {
    RpcClient<ProbeFutureStub> client =
        opened.add(
            cluster.clientBuilder(ProbeGrpc::newFutureStub).channelFactory(channels).build());
    cluster.backends().forEach(TestBackend::hang);
    ListenableFuture<AskResponse> call = client.stub().ask(ASK);
    cluster.awaitHanging(1);

    channels.channel().enterIdle();
    cluster.backends().forEach(TestBackend::release);

    AskResponse answer = answer(call);
    TestBackend backend = cluster.backend(answer.getServer());
    Await.until(() -> snapshot(client, backend).inFlight() == 0);
    assertEquals(1, snapshot(client, backend).succeeded());
  }

  @Test
  void clientGoesIdleAfterItsOwnTimeoutAndComesBack() {
    RpcClient<ProbeBlockingStub> client =
        opened.add(
            cluster
                .clientBuilder(ProbeGrpc::newBlockingStub)
                .channelFactory(channels)
                .channel(channel -> channel.idleTimeout(IDLE_SECONDS, TimeUnit.SECONDS))
                .build());
    client.stub().ask(ASK);

    Await.until(
        Await.PATIENCE.plusSeconds(IDLE_SECONDS),
        () -> "the channel to be idle",
        () -> channels.channel().getState(false) == ConnectivityState.IDLE);
    assertEquals(1, startedOf(client).stream().mapToLong(n -> n).sum());
    cluster.discovery().goSilent();
    client.stub().withDeadlineAfter(Await.PATIENCE).ask(ASK);

    assertEquals(1, cluster.discovery().on(TARGET).watches());
    assertEquals(2, startedOf(client).stream().mapToLong(n -> n).sum());
  }

  private RpcClient<ProbeBlockingStub> calledClient(int calls) {
    RpcClient<ProbeBlockingStub> client =
        opened.add(
            cluster.clientBuilder(ProbeGrpc::newBlockingStub).channelFactory(channels).build());
    cluster.awaitReady(client);
    for (int i = 0; i < calls; i++) {
      client.stub().ask(ASK);
    }
    return client;
  }

  private void enterIdle() {
    channels.channel().enterIdle();
    awaitIdle();
  }

  private void awaitIdle() {
    Await.until(
        "the channel to be idle",
        () -> channels.channel().getState(false) == ConnectivityState.IDLE);
  }

  private static List<Long> startedOf(RpcClient<?> client) {
    return client.view().snapshot().backends().stream().map(BackendSnapshot::started).toList();
  }
}
