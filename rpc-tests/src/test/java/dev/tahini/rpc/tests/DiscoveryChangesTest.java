package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.CallEvents.EndpointsChanged;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists that change under load: as long as the backends live, no call fails. */
final class DiscoveryChangesTest {
  private static final int SERVERS = 4;
  private static final int IN_FLIGHT = 50;

  @AutoClose private final Fleet fleet = Fleet.of(SERVERS);

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsBackendsAreAddedOneByOne(LoadPicks picks) {
    fleet.list(fleet.server(0));
    ClosedLoop loop = load(fleet.client(channel -> channel), picks);

    for (int listed = 2; listed <= SERVERS; listed++) {
      fleet.discovery().list(endpoints(fleet.servers().subList(0, listed)));
      ProbeServer added = fleet.server(listed - 1);
      Await.until(() -> loop.answersOf(added) > 0);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsBackendsAreRemovedOneByOne(LoadPicks picks) {
    ClosedLoop loop = load(fleet.client(channel -> channel), picks);

    for (int listed = SERVERS - 1; listed > 0; listed--) {
      fleet.discovery().list(endpoints(fleet.servers().subList(0, listed)));
      loop.awaitMore(4 * IN_FLIGHT);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAndNoConnectionIsLostAsWeightsChange(LoadPicks picks) {
    RpcClient<Channel> client = fleet.client(channel -> channel);
    ClosedLoop loop = load(client, picks);
    Fleet.awaitReady(client, SERVERS);

    for (int weight = 2; weight <= 20; weight++) {
      List<Endpoint> endpoints = new ArrayList<>(endpoints(fleet.servers()));
      endpoints.set(0, endpoints.get(0).withWeight(weight));
      fleet.discovery().list(endpoints);
      loop.awaitMore(IN_FLIGHT);
    }

    loop.stopWithoutFailure();
    assertEquals(
        List.of(1, 1, 1, 1), fleet.servers().stream().map(s -> s.connectionsEver()).toList());
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsTheListFlapsBetweenDisjointOnes(LoadPicks picks) {
    ClosedLoop loop = load(fleet.client(channel -> channel), picks);

    for (int flap = 0; flap < 10; flap++) {
      fleet.list(fleet.server(0), fleet.server(1));
      loop.awaitMore(2 * IN_FLIGHT);
      fleet.list(fleet.server(2), fleet.server(3));
      loop.awaitMore(2 * IN_FLIGHT);
    }

    loop.stopWithoutFailure();
  }

  @ParameterizedTest
  @EnumSource
  void noCallFailsAsTwoHundredListsFollowEachOther(LoadPicks picks) {
    ClosedLoop loop = load(fleet.client(channel -> channel), picks);
    Random random = new Random(10);

    for (int update = 0; update < 200; update++) {
      List<ProbeServer> some = new ArrayList<>(fleet.servers());
      Collections.shuffle(some, random);
      fleet.discovery().list(endpoints(some.subList(0, 1 + random.nextInt(SERVERS))));
    }
    loop.awaitMore(4 * IN_FLIGHT);

    loop.stopWithoutFailure();
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

  @Test
  void vanishedBackendsConnectionsAreClosed() {
    ClosedLoop loop = load(fleet.client(channel -> channel), LoadPicks.RANDOM);
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

  @Test
  void eventsTellWhichEndpointsCameWentAndChanged() {
    fleet.list(fleet.server(0), fleet.server(1));
    RecordedEvents events = new RecordedEvents();
    fleet.closing(fleet.builder().feature(events).build());

    fleet.discovery().list(fleet.server(1).endpoint().withWeight(2), fleet.server(2).endpoint());

    assertEquals(2, events.endpoints().size());
    EndpointsChanged first = events.endpoints().get(0);
    assertEquals(
        List.of(fleet.server(0).address(), fleet.server(1).address()), addresses(first.added()));
    EndpointsChanged second = events.endpoints().get(1);
    assertEquals(List.of(fleet.server(2).address()), addresses(second.added()));
    assertEquals(List.of(fleet.server(0).address()), addresses(second.removed()));
    assertEquals(List.of(fleet.server(1).address()), addresses(second.changed()));
    assertEquals(2, second.size());
  }

  private static List<String> addresses(List<Backend> backends) {
    return backends.stream().map(Backend::address).toList();
  }

  @Test
  void ownersOfKeysAreTheSameInEveryClient() {
    RpcClient<Channel> one = fleet.client(channel -> channel);
    List<ProbeServer> reversed = new ArrayList<>(fleet.servers());
    Collections.reverse(reversed);
    ListDiscovery otherOrder = new ListDiscovery();
    otherOrder.list(endpoints(reversed));
    RpcClient<ProbeFutureStub> other =
        fleet.closing(
            RpcClient.<ProbeFutureStub>builder(Fleet.TARGET, ProbeGrpc::newFutureStub)
                .discovery(otherOrder)
                .plaintext()
                .build());

    for (int i = 0; i < 200; i++) {
      String key = "key-" + i;
      assertEquals(owners(one, key), owners(other, key));
    }
  }

  private static List<String> owners(RpcClient<?> client, String key) {
    return client.view().owners(key).stream().map(BackendSnapshot::address).toList();
  }

  private Pick toFirst() {
    return Pick.address(fleet.server(0).address());
  }

  private ListenableFuture<AskResponse> hangOnFirst(RpcClient<ProbeFutureStub> client) {
    ListenableFuture<AskResponse> call = client.stub(toFirst()).ask(HANG);
    fleet.awaitHanging(1);
    return call;
  }

  private ClosedLoop load(RpcClient<Channel> client, LoadPicks picks) {
    ClosedLoop loop = fleet.closing(ClosedLoop.start(client.channel(), IN_FLIGHT, picks));
    loop.awaitMore(IN_FLIGHT);
    return loop;
  }

  private static List<Endpoint> endpoints(List<ProbeServer> servers) {
    return servers.stream().map(ProbeServer::endpoint).toList();
  }
}
