package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.BindableService;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.inprocess.InProcessSocketAddress;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RpcTestClusterTest {

  @ParameterizedTest
  @EnumSource
  void clientReachesEveryBackend(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a", "b", "c")) {
      RpcClient<Echo> client = cluster.client(Echo::new);

      for (TestBackend backend : cluster.backends()) {
        assertEquals("hi", client.stub(Pick.address(backend.address())).echo("hi"));
      }

      assertEquals(List.of("a", "b", "c"), whereTo(cluster));
    }
  }

  private static List<String> whereTo(RpcTestCluster cluster) {
    return cluster.attempts().stream().map(RecordedAttempt::backend).toList();
  }

  @Test
  void shortFormsStartBothKinds() {
    try (RpcTestCluster inProcess = RpcTestCluster.inProcess(name -> new EchoService(), "a");
        RpcTestCluster loopback = RpcTestCluster.loopback(name -> new EchoService(), "a")) {
      assertInstanceOf(InProcessSocketAddress.class, inProcess.backend("a").endpoint().address());
      assertTrue(inProcess.backend("a").address().startsWith("a@test-cluster"));
      assertTrue(loopback.backend("a").address().startsWith("127.0.0.1:"));
      assertEquals("test-cluster", loopback.target());
    }
  }

  @ParameterizedTest
  @EnumSource
  void awaitReadyWaitsForEveryBackend(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a", "b", "c")) {
      RpcClient<Echo> client = cluster.client(Echo::new);

      cluster.awaitReady(client);

      assertEquals(3, client.view().snapshot().ready());
      assertEquals(1, cluster.backend("c").connections());
    }
  }

  @ParameterizedTest
  @EnumSource
  void awaitReadyLeavesOutWhatIsDown(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      cluster.backend("a").kill();
      RpcClient<Echo> client = cluster.client(Echo::new);

      cluster.awaitReady(client);

      assertEquals(1, client.view().snapshot().ready());
    }
  }

  @ParameterizedTest
  @EnumSource
  void awaitReadyHasNothingToWaitForBeforeABackendIsListed(Reach reach) {
    try (RpcTestCluster cluster =
        reach.builder().services(name -> new EchoService()).backends("a").unlisted().start()) {
      RpcClient<Echo> client = cluster.client(Echo::new);

      cluster.awaitReady(client);

      assertEquals(0, client.view().snapshot().ready());
    }
  }

  @ParameterizedTest
  @EnumSource
  void ownersOfKeysGoByTheirNames(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.awaitApplied();
      KeyOwners before = cluster.owners(client, List.of("x", "y"));

      String owner = Objects.requireNonNull(before.owners().get("x"));
      cluster.remove(owner);
      cluster.awaitApplied();

      String other = owner.equals("a") ? "b" : "a";
      KeyOwners after = cluster.owners(client, List.of("x", "y"));
      assertEquals(Map.of("x", other, "y", other), after.owners());
      assertEquals(owner + " -> " + other, before.movedBy(after).get("x"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void closedClientsAreForgotten(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      WeakReference<RpcClient<?>> closed = closedClient(cluster);

      RpcClient<Echo> next = cluster.client(Echo::new);

      new Changes()
          .await(
              () -> "the closed client to be forgotten",
              () -> {
                System.gc();
                return closed.refersTo(null);
              });
      next.close();
    }
  }

  private static WeakReference<RpcClient<?>> closedClient(RpcTestCluster cluster) {
    RpcClient<Echo> client = cluster.client(Echo::new);
    client.close();
    return new WeakReference<>(client);
  }

  @ParameterizedTest
  @EnumSource
  void serviceIsBoundOnceOverRestarts(Reach reach) {
    AtomicInteger bound = new AtomicInteger();
    BindableService service =
        () -> {
          bound.incrementAndGet();
          return new EchoService().bindService();
        };
    try (RpcTestCluster cluster = reach.start(name -> service, "a")) {
      cluster.backend("a").kill();
      cluster.backend("a").restart();

      assertEquals(1, bound.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void killedBackendsCallsFailAsUnavailable(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("wait");
      cluster.backend("a").awaitInFlight(1);

      cluster.backend("a").kill();

      assertEquals(Status.Code.UNAVAILABLE, Echo.outcome(call).getCode());
      cluster.backend("a").awaitIdle();
      assertEquals(Status.Code.CANCELLED, statusOf(cluster.attempts().get(0)).getCode());
      assertFalse(cluster.backend("a").isUp());
      assertEquals(0, cluster.backend("a").connections());
    }
  }

  private static Status statusOf(RecordedAttempt attempt) {
    Status status = attempt.status();
    assertNotEquals(null, status, attempt::toString);
    return status == null ? Status.UNKNOWN : status;
  }

  @ParameterizedTest
  @EnumSource
  void killedBackendRefusesCalls(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      cluster.backend("a").kill();
      cluster.backend("a").kill(); // is dead already

      assertEquals(
          Status.Code.UNAVAILABLE, cluster.client(Echo::new).stub().outcome("hi").getCode());
    }
  }

  @ParameterizedTest
  @EnumSource
  void restartedBackendServesAtTheSameAddress(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      TestBackend backend = cluster.backend("a");
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.awaitReady(client);
      Endpoint before = backend.endpoint();

      backend.kill();
      backend.restart();
      cluster.awaitReady(client);

      assertEquals("hi", client.stub().echo("hi"));
      assertEquals(before, backend.endpoint());
      assertEquals(List.of(before), endpoints(client));
      assertEquals(2, backend.connectionsEver());
    }
  }

  private static List<Endpoint> endpoints(RpcClient<?> client) {
    return client.view().snapshot().backends().stream().map(BackendSnapshot::endpoint).toList();
  }

  @ParameterizedTest
  @EnumSource
  void restartOfABackendThatIsUpIsAnError(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> cluster.backend("a").restart());

      assertEquals(
          "restart: backend a is up (expected: one that was killed or drained)", e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void drainingBackendFinishesItsCallsAndTakesNoNewOnes(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      TestBackend backend = cluster.backend("a");
      RpcClient<Echo> client = cluster.client(Echo::new);
      backend.hang();
      CompletableFuture<String> inFlight = client.stub().start("hi");
      backend.awaitHanging(1);

      backend.drain();
      backend.drain(); // does so already

      assertFalse(backend.isUp());
      assertEquals(
          Status.Code.UNAVAILABLE, cluster.client(Echo::new).stub().outcome("no").getCode());
      backend.release();
      assertEquals(Status.OK, Echo.outcome(inFlight));
      backend.awaitDrained();
      assertEquals(0, backend.connections());
    }
  }

  @ParameterizedTest
  @EnumSource
  void drainedBackendIsRestarted(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.awaitReady(client);

      cluster.backend("a").drain();
      cluster.backend("a").restart();
      cluster.awaitReady(client);

      assertEquals("hi", client.stub().echo("hi"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void killCutsWhatIsLeftOfADrain(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("wait");
      cluster.backend("a").awaitInFlight(1);

      cluster.backend("a").drain();
      cluster.backend("a").kill();

      assertEquals(Status.Code.UNAVAILABLE, Echo.outcome(call).getCode());
    }
  }

  @ParameterizedTest
  @EnumSource
  void drainOfADeadBackendIsAnError(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      cluster.backend("a").kill();

      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> cluster.backend("a").drain());

      assertEquals("drain: backend a is down (expected: one that is up)", e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitingForTheDrainOfABackendThatIsUpIsAnError(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      assertThrows(IllegalStateException.class, () -> cluster.backend("a").awaitDrained());
    }
  }

  @ParameterizedTest
  @EnumSource
  void addedBackendIsListed(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);

      TestBackend added = cluster.add("b", endpoint -> endpoint.withWeight(3));
      cluster.awaitReady(client);

      assertEquals(List.of(cluster.backend("a"), added), cluster.backends());
      assertEquals(2, client.view().snapshot().ready());
      assertEquals(3, client.view().snapshot().backends().get(1).endpoint().weight());
      assertEquals("hi", client.stub(Pick.address(added.address())).echo("hi"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void removedBackendFinishesItsCallsAndIsGone(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      TestBackend leaving = cluster.backend("a");
      leaving.hang();
      CompletableFuture<String> call = client.stub(Pick.address(leaving.address())).start("hi");
      leaving.awaitHanging(1);

      cluster.remove("a");

      assertEquals(Status.OK, Echo.outcome(call));
      cluster.awaitApplied();
      assertEquals(List.of(cluster.backend("b").endpoint()), endpoints(client));
      assertEquals(1, leaving.attempts().size());
      assertFalse(leaving.isUp());
    }
  }

  @ParameterizedTest
  @EnumSource
  void removedBackendCanBeUsedNoMore(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      TestBackend removed = cluster.backend("a");
      cluster.remove("a");

      assertThrows(InvalidValueException.class, () -> cluster.backend("a"));
      IllegalStateException e = assertThrows(IllegalStateException.class, removed::restart);
      assertEquals(
          "backend a: removed or closed (expected: one of an open cluster)", e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nameOfARemovedBackendCanBeUsedAgain(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      cluster.remove("a");

      cluster.add("a");

      assertEquals("hi", cluster.client(Echo::new).stub().echo("hi"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void deadOrDelistedBackendIsRemovedAsWell(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      cluster.backend("a").kill();
      cluster.discovery().remove(cluster.backend("b").endpoint().address());

      cluster.remove("a");
      cluster.remove("b");

      assertEquals(List.of(), cluster.backends());
    }
  }

  @ParameterizedTest
  @EnumSource
  void testDrivesTheDiscovery(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      RpcClient<Echo> client = cluster.client(Echo::new);

      cluster.discovery().set(cluster.backend("b").endpoint());
      cluster.awaitApplied();

      assertEquals(List.of(cluster.backend("b").endpoint()), endpoints(client));
    }
  }

  @ParameterizedTest
  @EnumSource
  void unlistedClusterHasNotAnswered(Reach reach) {
    try (RpcTestCluster cluster =
        reach.builder().services(name -> new EchoService()).backends("a").unlisted().start()) {
      RpcClient<Echo> client = cluster.client(Echo::new);

      assertFalse(client.view().snapshot().listed());
      cluster.discovery().set(cluster.backend("a").endpoint());
      cluster.awaitReady(client);
    }
  }

  @ParameterizedTest
  @EnumSource
  void builderSaysHowABackendIsListedAndWhatClientsCall(Reach reach) throws Exception {
    try (RpcTestCluster cluster =
        reach
            .builder()
            .services(name -> new EchoService())
            .backends("a", "b")
            .endpoint("b", endpoint -> endpoint.withZone("z").withName("pod-1"))
            .target("k8s:///echo.prod:grpc")
            .start()) {
      RpcClient<Echo> client = cluster.client(Echo::new);

      assertEquals("hi", client.stub().echo("hi"));
      assertEquals("k8s:///echo.prod:grpc", client.target().toString());
      assertEquals("a", cluster.backend("a").endpoint().name());
      assertEquals("z", cluster.backend("b").endpoint().zone());
      assertEquals("pod-1", cluster.backend("b").endpoint().name());
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachBackendHasAServiceOfItsOwn(Reach reach) {
    Set<String> made = new TreeSet<>();
    try (RpcTestCluster cluster =
        reach.start(
            name -> {
              made.add(name);
              return new EchoService();
            },
            "a",
            "b")) {
      assertEquals(Set.of("a", "b"), made);
      assertEquals(2, cluster.backends().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void builtClientHasOtherOptions(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a");
        RpcClient<Echo> client = cluster.clientBuilder(Echo::new).authority("me").build()) {
      assertEquals("hi", client.stub().echo("hi"));
      assertEquals(1L, cluster.attempts().get(0).call());
    }
  }

  @ParameterizedTest
  @EnumSource
  void snapshotsAreOfTheOpenClients(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> first = cluster.client(Echo::new);
      RpcClient<Echo> second = cluster.client(Echo::new);
      cluster.awaitReady(second);

      first.close();

      List<ClientSnapshot> snapshots = cluster.snapshots();
      assertEquals(1, snapshots.size());
      assertEquals(
          List.of(ConnectivityState.READY),
          snapshots.get(0).backends().stream().map(BackendSnapshot::state).toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void clustersStandSideBySide(Reach reach) throws Exception {
    try (RpcTestCluster one = reach.start("a", "b");
        RpcTestCluster other = reach.start("a", "b")) {
      one.client(Echo::new).stub().echo("one");
      other.client(Echo::new).stub().echo("other");
      one.backend("a").kill();

      assertEquals(1, one.attempts().size());
      assertEquals(1, other.attempts().size());
      assertTrue(other.backend("a").isUp());
      assertNotEquals(one.backend("a").address(), other.backend("a").address());
    }
  }

  @Test
  void inProcessAddressesAreTheSameInEachRun() {
    assertEquals(addresses(), addresses());
  }

  private static Set<String> addresses() {
    try (RpcTestCluster cluster =
        RpcTestCluster.builder()
            .services(name -> new EchoService())
            .backends("a", "b")
            .target("same-in-each-run")
            .start()) {
      return cluster.backends().stream().map(TestBackend::address).collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoBackendsOfOneNameAreAnError(Reach reach) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> reach.start("a", "b", "a"));

    assertEquals("backend: a (expected: each name once in [a, b])", e.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void addOfANameThatIsTakenIsAnError(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      InvalidValueException e = assertThrows(InvalidValueException.class, () -> cluster.add("a"));

      assertEquals("backend: a (expected: a name of its own; taken are [a])", e.getMessage());
      assertThrows(InvalidValueException.class, () -> cluster.add(" "));
    }
  }

  @ParameterizedTest
  @EnumSource
  void unknownBackendIsAnErrorThatNamesTheKnown(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a", "b")) {
      InvalidValueException e =
          assertThrows(InvalidValueException.class, () -> cluster.backend("c").hang());

      assertEquals("backend: c (expected: one of [a, b])", e.getMessage());
      assertThrows(InvalidValueException.class, () -> cluster.remove("c"));
    }
  }

  @Test
  void optionOfAnUnknownBackendIsAnError() {
    RpcTestCluster.Builder builder = RpcTestCluster.builder().backends("a").port("b", 1);

    InvalidValueException e = assertThrows(InvalidValueException.class, builder::start);

    assertEquals("port of backend: b (expected: one of [a])", e.getMessage());
  }

  @Test
  void endpointOfAnotherAddressIsAnError() {
    InetSocketAddress elsewhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    RpcTestCluster.Builder builder =
        RpcTestCluster.builder()
            .loopback()
            .backends("a")
            .endpoint("a", endpoint -> Endpoint.of(elsewhere));

    assertThrows(InvalidValueException.class, builder::start);
  }

  @Test
  void portThatIsTakenIsAnError() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      RpcTestCluster.Builder builder =
          RpcTestCluster.builder().loopback().backends("a").port("a", port);

      InvalidValueException e = assertThrows(InvalidValueException.class, builder::start);

      String message = String.valueOf(e.getMessage());
      assertTrue(
          message.startsWith("port: " + port + " (expected: a free one of the loopback"), message);
    }
  }

  @Test
  void portOfTheTestsChoosingIsTheBackends() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (RpcTestCluster cluster =
        RpcTestCluster.builder()
            .loopback()
            .services(name -> new EchoService())
            .backends("a")
            .port("a", port)
            .start()) {
      assertEquals("127.0.0.1:" + port, cluster.backend("a").address());
      assertEquals("hi", cluster.client(Echo::new).stub().echo("hi"));
    }
  }

  @Test
  void inProcessBackendHasNoPort() {
    RpcTestCluster.Builder builder = RpcTestCluster.builder().backends("a").port("a", 80);

    assertThrows(InvalidValueException.class, builder::start);
  }

  @Test
  void staticTargetIsAnError() {
    RpcTestCluster.Builder builder = RpcTestCluster.builder();

    assertThrows(InvalidValueException.class, () -> builder.target("static:///127.0.0.1:80"));
  }

  @ParameterizedTest
  @EnumSource
  void sameFactoryAndFeatureEachTime(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      assertSame(cluster.channelFactory(), cluster.channelFactory());
      assertSame(cluster.feature(), cluster.feature());
      assertSame(cluster.time(), cluster.time());
    }
  }
}
