package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.CallEvents.EndpointsChanged;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the calls and connections of a backend that leaves the list. */
final class RemovedBackendsTest {
  private static final int SERVERS = 4;
  private static final int IN_FLIGHT = 50;

  @AutoClose private final Fleet fleet = Fleet.of(SERVERS);

  @Test
  void vanishedBackendsConnectionsAreClosed() {
    ClosedLoop loop = fleet.load(fleet.client(channel -> channel), IN_FLIGHT, LoadPicks.RANDOM);
    for (int flap = 0; flap < 10; flap++) {
      fleet.list(fleet.server(0), fleet.server(1));
      loop.awaitMore(IN_FLIGHT);
      fleet.list(fleet.server(2), fleet.server(3));
      loop.awaitMore(IN_FLIGHT);
    }
    fleet.list(fleet.server(2));

    Await.until(
        () ->
            "one connection, to s2 only: "
                + fleet.servers().stream().map(s -> s.connections()).toList(),
        () ->
            fleet.servers().stream()
                .map(ProbeServer::connections)
                .toList()
                .equals(List.of(0, 0, 1, 0)));
    loop.stopWithoutFailure();
  }

  @Test
  void removedBackendsCallsInFlightFinish() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    ListenableFuture<AskResponse> call = hangOnFirst(client);

    fleet.list(fleet.server(1));
    Await.until("the list to be seen", () -> Fleet.fails(client, toFirst()));
    fleet.release();

    assertEquals("s0", answer(call).getServer());
  }

  @Test
  @Tag("full") // gRPC lets go of a subchannel 5 s after it was shut down
  void removedBackendsCallsInFlightFinishLongAfterItsSubchannelIsGone() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    ListenableFuture<AskResponse> call = hangOnFirst(client);
    fleet.list(fleet.server(1));
    Await.until("the list to be seen", () -> Fleet.fails(client, toFirst()));

    long start = System.nanoTime();
    Await.until(() -> System.nanoTime() - start > Duration.ofSeconds(7).toNanos());
    assertFalse(call.isDone());
    assertEquals(1, fleet.server(0).connections());
    fleet.release();

    assertEquals("s0", answer(call).getServer());
    Await.until("no connection", () -> fleet.server(0).connections() == 0);
  }

  @Test
  void backendThatComesBackAtOnceServesAgain() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, SERVERS);

    fleet.list(fleet.server(1));
    fleet.list(fleet.server(0), fleet.server(1));

    assertEquals(
        "s0", answer(client.stub(toFirst()).withWaitForReady().ask(Probes.ASK)).getServer());
  }

  @ParameterizedTest
  @EnumSource
  void waitingCallIsNotFailedByAConnectionThatChangesWhileItsBackendLeaves(LoadPicks picks) {
    ProbeServer leaving = fleet.add(ProbeServer.startHeld("leaving"));
    fleet.list(leaving);
    HoldsTheSecondList events = new HoldsTheSecondList();
    KeptChannelFactory channels = new KeptChannelFactory();
    RpcClient<ProbeFutureStub> client =
        fleet.closing(
            fleet
                .builder(ProbeGrpc::newFutureStub)
                .channelFactory(channels)
                .feature(events)
                .build());
    Fleet.awaitState(client, leaving.endpoint(), ConnectivityState.CONNECTING);
    ListenableFuture<AskResponse> waiting = client.stub(picks.apply(0)).ask(Probes.ASK);

    CompletableFuture<Void> listing = CompletableFuture.runAsync(() -> fleet.list(fleet.server(0)));
    try {
      HoldsTheSecondList.await(events.held);
      leaving.open();
      HoldsTheSecondList.await(events.ready);
      channels.awaitQueuedWork();
      assertFalse(waiting.isDone(), () -> Probes.outcome(waiting).toString());
    } finally {
      events.goOn.countDown();
    }

    assertEquals("s0", answer(waiting).getServer());
    listing.join();
  }

  /** Stops the taking in of a list between the backends, who know it, and the balancer. */
  private static final class HoldsTheSecondList implements CallEvents, ClientFeature {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);

    @Override
    public Optional<CallEvents> events(ClientView client) {
      return Optional.of(this);
    }

    @Override
    public void onEndpoints(EndpointsChanged event) {
      if (!event.removed().isEmpty()) {
        held.countDown();
        await(goOn);
      }
    }

    @Override
    public void onBackendState(BackendStateChanged event) {
      if (event.to() == ConnectivityState.READY) {
        ready.countDown();
      }
    }

    static void await(CountDownLatch latch) {
      try {
        assertTrue(latch.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Pick toFirst() {
    return Pick.address(fleet.server(0).address());
  }

  private ListenableFuture<AskResponse> hangOnFirst(RpcClient<ProbeFutureStub> client) {
    ListenableFuture<AskResponse> call = client.stub(toFirst()).ask(HANG);
    fleet.awaitHanging(1);
    return call;
  }
}
