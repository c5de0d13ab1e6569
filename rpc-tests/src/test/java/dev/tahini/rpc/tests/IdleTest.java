package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.answer;
import static dev.tahini.rpc.tests.Probes.backend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.core.RpcClient;
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

  @AutoClose private final Fleet fleet = Fleet.of(3);
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
    client.stub().withDeadlineAfter(Await.PATIENCE).ask(ASK);

    assertEquals(1, fleet.discovery().watched().size());
    assertEquals(10, startedOf(client).stream().mapToLong(n -> n).sum());
  }

  @Test
  void callAfterIdleGoesToTheLastListThoughDiscoveryFails() {
    RpcClient<ProbeBlockingStub> client = calledClient(1);
    fleet.discovery().fail(Status.UNAVAILABLE.withDescription("no DNS"));

    enterIdle();

    assertNotNull(client.stub().ask(ASK).getServer());
  }

  @Test
  void listThatComesWhileIdleServesTheNextCall() {
    RpcClient<ProbeBlockingStub> client = calledClient(1);
    enterIdle();

    ProbeServer added = fleet.start("added");
    fleet.list(added);

    assertEquals("added", client.stub().ask(ASK).getServer());
  }

  @Test
  void callInFlightOutlivesIdle() {
    RpcClient<ProbeFutureStub> client =
        fleet.closing(fleet.builder(ProbeGrpc::newFutureStub).channelFactory(channels).build());
    ListenableFuture<AskResponse> call = client.stub().ask(HANG);
    fleet.awaitHanging(1);

    channels.channel().enterIdle();
    fleet.release();

    AskResponse answer = answer(call);
    String address = fleet.server(answer.getServer()).address();
    Await.until(() -> backend(client.view().snapshot(), address).inFlight() == 0);
    assertEquals(1, backend(client.view().snapshot(), address).succeeded());
  }

  @Test
  void clientGoesIdleAfterItsOwnTimeoutAndComesBack() {
    RpcClient<ProbeBlockingStub> client =
        fleet.closing(
            fleet
                .builder()
                .channelFactory(channels)
                .channel(channel -> channel.idleTimeout(IDLE_SECONDS, TimeUnit.SECONDS))
                .build());
    client.stub().ask(ASK);

    Await.until(
        Await.PATIENCE.plusSeconds(IDLE_SECONDS),
        () -> "the channel to be idle",
        () -> channels.channel().getState(false) == ConnectivityState.IDLE);
    assertEquals(1, startedOf(client).stream().mapToLong(n -> n).sum());
    client.stub().withDeadlineAfter(Await.PATIENCE).ask(ASK);

    assertEquals(1, fleet.discovery().watched().size());
    assertEquals(2, startedOf(client).stream().mapToLong(n -> n).sum());
  }

  private RpcClient<ProbeBlockingStub> calledClient(int calls) {
    RpcClient<ProbeBlockingStub> client =
        fleet.closing(fleet.builder().channelFactory(channels).build());
    Fleet.awaitReady(client, 3);
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
