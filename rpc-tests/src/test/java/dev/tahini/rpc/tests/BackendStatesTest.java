package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What becomes of a call by the state of its backend, for each pick. */
final class BackendStatesTest {
  /** Long enough for a call that waits in vain. */
  private static final Duration SHORT = Duration.ofMillis(150);

  @AutoClose private final Fleet fleet = Fleet.unlisted();

  private enum Asked {
    LEAST_LOADED,
    RANDOM,
    SHARD,
    SHARD_STRICT,
    ADDRESS;

    /** A pick of this kind; those that name a backend name this one. */
    Pick pick(RpcClient<?> client, Endpoint backend) {
      return switch (this) {
        case LEAST_LOADED -> Pick.leastLoaded();
        case RANDOM -> Pick.random();
        case SHARD -> Pick.shard(Fleet.keyOf(client, backend));
        case SHARD_STRICT -> Pick.shard(Fleet.keyOf(client, backend)).strict();
        case ADDRESS -> Pick.address(backend.addressText());
      };
    }
  }

  // READY

  @ParameterizedTest
  @EnumSource
  void readyBackendIsUsed(Asked asked) {
    ProbeServer server = listedServer("s0");
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 1);

    assertEquals("s0", stub(client, asked, server.endpoint()).ask(ASK).getServer());
  }

  @Test
  void leastLoadedEvensOutWhatIsInFlight() {
    List<ProbeServer> servers =
        Stream.of("s0", "s1", "s2", "s3").map(name -> fleet.add(ProbeServer.start(name))).toList();
    fleet.list(servers.toArray(ProbeServer[]::new));
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, 4);

    for (int i = 1; i <= 12; i++) {
      var unused = client.stub().ask(Probes.HANG);
      fleet.awaitHanging(i);
    }

    assertEquals(List.of(3, 3, 3, 3), servers.stream().map(s -> s.service().hanging()).toList());
  }

  @Test
  void leastLoadedGivesAHeavierBackendItsShare() {
    ProbeServer light = fleet.add(ProbeServer.start("light"));
    ProbeServer heavy = fleet.add(ProbeServer.start("heavy"));
    fleet.discovery().list(light.endpoint(), heavy.endpoint().withWeight(3));
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, 2);

    for (int i = 1; i <= 16; i++) {
      var unused = client.stub().ask(Probes.HANG);
      fleet.awaitHanging(i);
    }

    assertEquals(4, light.service().hanging());
    assertEquals(12, heavy.service().hanging());
  }

  @Test
  void randomReachesEveryReadyBackendAboutAsOften() {
    List<ProbeServer> servers =
        Stream.of("s0", "s1", "s2").map(name -> fleet.add(ProbeServer.start(name))).toList();
    fleet.list(servers.toArray(ProbeServer[]::new));
    Random seeded = new Random(1);
    RpcClient<ProbeBlockingStub> client =
        fleet.closing(fleet.builder().random(() -> seeded).build());
    Fleet.awaitReady(client, 3);

    ask(client.stub(Pick.random()), 300);

    for (BackendSnapshot backend : client.view().snapshot().backends()) {
      assertTrue(Math.abs(backend.started() - 100) <= 30, backend::toString);
    }
  }

  // CONNECTING

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void connectingBackendIsNoCandidateWhileAnotherIsReady(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    ProbeServer ready = fleet.add(ProbeServer.start("s0"));
    fleet.discovery().list(connecting.endpoint(), ready.endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 1);

    assertEquals(Set.of("s0"), ask(stub(client, asked, connecting.endpoint()), 20));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void connectingBackendOfThePickIsWaitedForThoughAnotherIsReady(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    ProbeServer ready = fleet.add(ProbeServer.start("s0"));
    fleet.discovery().list(connecting.endpoint(), ready.endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 1);
    ProbeBlockingStub stub = stub(client, asked, connecting.endpoint());

    Expect.deadlineExceeded(failure(() -> stub.withDeadlineAfter(SHORT).ask(ASK)));
  }

  @ParameterizedTest
  @EnumSource
  void callWaitsWhileAllBackendsAreConnecting(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    fleet.discovery().list(connecting.endpoint(), fleet.silentPort().endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    ProbeBlockingStub stub = stub(client, asked, connecting.endpoint());

    Expect.deadlineExceeded(failure(() -> stub.withDeadlineAfter(SHORT).ask(ASK)));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"LEAST_LOADED", "RANDOM", "SHARD"})
  void callWaitsForAConnectingBackendThoughAnotherFails(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    fleet.discovery().list(failing.endpoint(), fleet.silentPort().endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitState(client, failing.endpoint(), ConnectivityState.TRANSIENT_FAILURE);
    ProbeBlockingStub stub = stub(client, asked, failing.endpoint());

    Expect.deadlineExceeded(failure(() -> stub.withDeadlineAfter(SHORT).ask(ASK)));
  }

  // IDLE

  @ParameterizedTest
  @EnumSource
  void backendThatLostItsConnectionIsConnectedForTheCall(Asked asked) {
    ProbeServer server = listedServer("s0");
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 1);

    server.drain();
    server.restart();
    Await.until(
        () -> client.view().snapshot().backends().get(0).state() != ConnectivityState.READY);

    assertEquals("s0", stub(client, asked, server.endpoint()).ask(ASK).getServer());
  }

  // TRANSIENT_FAILURE

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void failingBackendIsSkipped(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer ready = fleet.add(ProbeServer.start("s0"));
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing, ready.endpoint());
    Fleet.awaitReady(client, 1);

    assertEquals(Set.of("s0"), ask(stub(client, asked, failing.endpoint()), 20));
  }

  @Test
  void keyOfAFailingBackendGoesToItsNextOwner() {
    ClosedPort failing = fleet.closedPort();
    ProbeServer s0 = fleet.add(ProbeServer.start("s0"));
    ProbeServer s1 = fleet.add(ProbeServer.start("s1"));
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing, s0.endpoint(), s1.endpoint());
    Fleet.awaitReady(client, 2);
    Set<String> nextOwners = new TreeSet<>();

    for (int i = 0; i < 1_000; i++) {
      List<BackendSnapshot> owners = client.view().owners("key-" + i);
      if (owners.get(0).address().equals(failing.address())) {
        String answering = client.stub(Pick.shard("key-" + i)).ask(ASK).getServer();
        assertEquals(owners.get(1).address(), fleet.server(answering).address());
        nextOwners.add(answering);
      }
    }
    assertEquals(Set.of("s0", "s1"), nextOwners);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"SHARD_STRICT", "ADDRESS"})
  void failingBackendThatTheCallInsistsOnFailsItWithTheLastError(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer ready = fleet.add(ProbeServer.start("s0"));
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing, ready.endpoint());

    Status status = failure(() -> stub(client, asked, failing.endpoint()).ask(ASK));

    Expect.unavailable("probe.test:grpc: " + failing.address() + " cannot be connected: ", status);
    Expect.unavailable("Connection refused", status);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"SHARD_STRICT", "ADDRESS"})
  void failingBackendThatTheCallInsistsOnIsWaitedForUnderWaitForReady(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer ready = fleet.add(ProbeServer.start("s0"));
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing, ready.endpoint());
    ProbeBlockingStub stub = stub(client, asked, failing.endpoint()).withWaitForReady();

    Expect.deadlineExceeded(failure(() -> stub.withDeadlineAfter(SHORT).ask(ASK)));
  }

  @ParameterizedTest
  @EnumSource
  void callFailsWithTheLastErrorIfNoBackendCanBeConnected(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing);

    Status status = failure(() -> stub(client, asked, failing.endpoint()).ask(ASK));

    Expect.unavailable(failing.address() + " cannot be connected", status);
    Expect.unavailable("Connection refused", status);
  }

  @ParameterizedTest
  @EnumSource
  void callWaitsForReadyAsLongAsItsDeadlineLetsItIfNoBackendCanBeConnected(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing);
    ProbeBlockingStub stub = stub(client, asked, failing.endpoint()).withWaitForReady();

    Expect.deadlineExceeded(failure(() -> stub.withDeadlineAfter(SHORT).ask(ASK)));
  }

  @Test
  void callsThatWaitForReadyAreServedOnceTheBackendIsBack() {
    ClosedPort failing = fleet.closedPort();
    fleet.discovery().list(failing.endpoint());
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitState(client, failing.endpoint(), ConnectivityState.TRANSIENT_FAILURE);
    List<ListenableFuture<AskResponse>> waiting = new ArrayList<>();
    for (Asked asked : Asked.values()) {
      Pick pick = asked.pick(client, failing.endpoint());
      waiting.add(client.stub(pick).withWaitForReady().ask(ASK));
    }

    failing.close();
    fleet.add(ProbeServer.startAt("back", failing.port()));

    waiting.forEach(call -> assertEquals("back", Probes.answer(call).getServer()));
  }

  @Test
  void backendThatIsBackGetsItsKeysBack() {
    ClosedPort failing = fleet.closedPort();
    ProbeServer other = fleet.add(ProbeServer.start("s0"));
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing, other.endpoint());
    String key = Fleet.keyOf(client, failing.endpoint());
    assertEquals("s0", client.stub(Pick.shard(key)).ask(ASK).getServer());

    failing.close();
    fleet.add(ProbeServer.startAt("back", failing.port()));
    Fleet.awaitReady(client, 2);

    assertEquals("back", client.stub(Pick.shard(key)).ask(ASK).getServer());
  }

  @Test
  void failingBackendStaysFailingWhileItIsConnectedAnew() throws IOException {
    ClosedPort failing = fleet.closedPort();
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing);
    failing.close();

    try (ServerSocket silent = new ServerSocket()) {
      silent.setSoTimeout((int) Await.PATIENCE.toMillis());
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), failing.port()));
      try (Socket connectedAnew = silent.accept()) {
        assertEquals(failing.port(), connectedAnew.getLocalPort());

        assertEquals(
            ConnectivityState.TRANSIENT_FAILURE,
            client.view().snapshot().backends().get(0).state());
        Expect.unavailable("Connection refused", failure(() -> client.stub().ask(ASK)));
      }
    }
  }

  // Draining

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsSkippedWhileAnotherIsReady(Asked asked) {
    ProbeServer draining = fleet.add(ProbeServer.start("draining"));
    ProbeServer serving = fleet.add(ProbeServer.start("serving"));
    fleet.discovery().list(draining(draining.endpoint()), serving.endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 2);

    assertEquals(Set.of("serving"), ask(stub(client, asked, draining.endpoint()), 20));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendOfThePickIsUsed(Asked asked) {
    ProbeServer draining = fleet.add(ProbeServer.start("draining"));
    ProbeServer serving = fleet.add(ProbeServer.start("serving"));
    fleet.discovery().list(draining(draining.endpoint()), serving.endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 2);

    assertEquals(Set.of("draining"), ask(stub(client, asked, draining.endpoint()), 5));
  }

  @ParameterizedTest
  @EnumSource
  void drainingBackendIsUsedIfItIsTheOnlyOne(Asked asked) {
    ProbeServer draining = fleet.add(ProbeServer.start("draining"));
    fleet.discovery().list(draining(draining.endpoint()));
    RpcClient<ProbeBlockingStub> client = fleet.client();

    assertEquals("draining", stub(client, asked, draining.endpoint()).ask(ASK).getServer());
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsUsedIfAllOthersFail(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer draining = fleet.add(ProbeServer.start("draining"));
    RpcClient<ProbeBlockingStub> client = clientOfFailing(failing, draining(draining.endpoint()));

    assertEquals("draining", stub(client, asked, draining.endpoint()).ask(ASK).getServer());
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsNotUsedWhileAnotherIsConnecting(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    ProbeServer draining = fleet.add(ProbeServer.start("draining"));
    fleet.discovery().list(connecting.endpoint(), draining(draining.endpoint()));
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 1);
    ProbeBlockingStub stub = stub(client, asked, draining.endpoint());

    Expect.deadlineExceeded(failure(() -> stub.withDeadlineAfter(SHORT).ask(ASK)));
  }

  @Test
  void backendThatBeginsToDrainKeepsItsConnectionAndLosesNewCalls() {
    ProbeServer draining = fleet.add(ProbeServer.start("draining"));
    ProbeServer serving = fleet.add(ProbeServer.start("serving"));
    fleet.list(draining, serving);
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 2);

    fleet.discovery().list(draining(draining.endpoint()), serving.endpoint());
    Await.until("only one to be used", () -> ask(client.stub(), 10).equals(Set.of("serving")));

    assertEquals(Set.of("serving"), ask(client.stub(), 50));
    assertEquals(1, draining.connectionsEver());
    assertEquals(1, draining.connections());
  }

  @Test
  void backendThatServesAgainGetsNewCalls() {
    ProbeServer draining = fleet.add(ProbeServer.start("draining"));
    ProbeServer serving = fleet.add(ProbeServer.start("serving"));
    fleet.discovery().list(draining(draining.endpoint()), serving.endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 2);
    assertFalse(ask(client.stub(), 20).contains("draining"));

    fleet.list(draining, serving);

    Await.until("both to be used", () -> ask(client.stub(), 20).size() == 2);
  }

  private ProbeServer listedServer(String name) {
    ProbeServer server = fleet.add(ProbeServer.start(name));
    fleet.list(server);
    return server;
  }

  private static Endpoint draining(Endpoint endpoint) {
    return endpoint.withCondition(Endpoint.Condition.DRAINING);
  }

  /** A client that has seen the first of its backends fail. */
  private RpcClient<ProbeBlockingStub> clientOfFailing(ClosedPort failing, Endpoint... others) {
    List<Endpoint> listed = new ArrayList<>(List.of(others));
    listed.add(0, failing.endpoint());
    fleet.discovery().list(listed);
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitState(client, failing.endpoint(), ConnectivityState.TRANSIENT_FAILURE);
    return client;
  }

  private static ProbeBlockingStub stub(
      RpcClient<ProbeBlockingStub> client, Asked asked, Endpoint backend) {
    return client.stub(asked.pick(client, backend)).withDeadlineAfter(Await.PATIENCE);
  }

  /** Who answers some calls, one after the other. */
  private static Set<String> ask(ProbeBlockingStub stub, int calls) {
    Set<String> servers = new TreeSet<>();
    for (int i = 0; i < calls; i++) {
      servers.add(stub.ask(ASK).getServer());
    }
    return servers;
  }
}
