package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.awaitState;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.junit.RpcClusterExtension;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@link RpcClient#call}: one backend for all calls of a function. */
final class PinnedCallTest {
  private static final int SERVERS = 3;
  private static final int THREADS = 8;

  @RegisterExtension
  final RpcClusterExtension extension = RpcClusterExtension.of(() -> Fleet.of(SERVERS));

  @Test
  void callsStayThoughAnotherBackendIsLessLoaded(
      RpcTestCluster cluster, RpcClient<ProbeFutureStub> client) {
    cluster.awaitReady(client);
    cluster.backends().forEach(TestBackend::hang);

    client.call(
        Pick.leastLoaded(),
        stub -> {
          for (int i = 1; i <= 10; i++) {
            var unused = stub.ask(ASK);
            cluster.awaitHanging(i);
          }
          return stub;
        });

    cluster.calls().assertShare(cluster.attempts().get(0).backend(), 1, 0);
  }

  @Test
  void nextCallOfTheClientMayGoElsewhere(
      RpcTestCluster cluster, RpcClient<ProbeFutureStub> client) {
    cluster.awaitReady(client);
    cluster.backends().forEach(TestBackend::hang);

    for (int i = 1; i <= SERVERS; i++) {
      client.call(
          Pick.leastLoaded(),
          stub -> {
            var one = stub.ask(ASK);
            var other = stub.ask(ASK);
            return List.of(one, other);
          });
      cluster.awaitHanging(2 * i);
    }

    cluster.calls().assertPerBackend(Map.of("s0", 2, "s1", 2, "s2", 2));
  }

  @Test
  void stubOfTheClientIsNotPinnedByItsCalls(
      RpcTestCluster cluster, RpcClient<ProbeFutureStub> client) {
    cluster.awaitReady(client);
    cluster.backends().forEach(TestBackend::hang);

    String pinned =
        client.call(
            Pick.leastLoaded(),
            stub -> {
              var unused = stub.ask(ASK);
              cluster.awaitHanging(1);
              return cluster.calls().onlyCall().first().backend();
            });
    var unused = client.stub().ask(ASK);
    cluster.awaitHanging(2);

    assertNotEquals(pinned, cluster.attempts().get(1).backend());
  }

  @Test
  void pickOfASingleCallInsideDoesNotUnpinIt(
      RpcTestCluster cluster, RpcClient<ProbeBlockingStub> client) {
    cluster.awaitReady(client);

    List<String> servers =
        client.call(
            to(cluster.backend("s0")),
            stub ->
                List.of(
                    stub.ask(ASK).getServer(),
                    stub.withOption(Pick.OPTION, to(cluster.backend("s1"))).ask(ASK).getServer()));

    assertEquals(List.of("s0", "s0"), servers);
  }

  @Test
  void concurrentCallsOfOneFunctionGoToOneBackend(
      RpcTestCluster cluster, RpcClient<ProbeBlockingStub> client) throws Exception {
    cluster.awaitReady(client);

    Set<String> servers = client.call(Pick.random(), stub -> callFromManyThreads(stub, 50));

    assertEquals(1, servers.size(), servers::toString);
  }

  @RepeatedTest(10)
  void concurrentFirstCallsGoToOneBackendThoughNoneIsConnectedYet(
      RpcClient<ProbeBlockingStub> client) throws Exception {
    Set<String> servers = client.call(Pick.random(), stub -> callFromManyThreads(stub, 1));

    assertEquals(1, servers.size(), servers::toString);
  }

  private static Set<String> callFromManyThreads(ProbeBlockingStub stub, int callsEach)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    Callable<Set<String>> caller =
        () -> {
          start.await();
          Set<String> servers = new HashSet<>();
          for (int i = 0; i < callsEach; i++) {
            servers.add(stub.ask(ASK).getServer());
          }
          return servers;
        };
    try {
      List<Future<Set<String>>> callers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        callers.add(threads.submit(caller));
      }
      Set<String> servers = new HashSet<>();
      for (Future<Set<String>> each : callers) {
        servers.addAll(each.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS));
      }
      return servers;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void firstCallThatFailsBeforeItsStreamDoesNotPin(
      RpcTestCluster cluster, RpcClient<ProbeBlockingStub> client) {
    TestBackend closed = cluster.backend("s0");
    closed.kill();
    awaitState(client, closed, ConnectivityState.TRANSIENT_FAILURE);
    list(cluster, "s0", "s1");

    String server =
        client.call(
            to(closed),
            stub -> {
              Expect.unavailable(closed.address(), failure(() -> stub.ask(ASK)));
              return stub.withOption(Pick.OPTION, Pick.random()).ask(ASK).getServer();
            });

    assertEquals("s1", server);
  }

  @Test
  void whatTheFunctionThrowsIsPassedOn(RpcClient<ProbeBlockingStub> client) {
    IOException thrown = new IOException("of the function");

    IOException caught =
        assertThrows(
            IOException.class,
            () ->
                client.call(
                    Pick.leastLoaded(),
                    stub -> {
                      throw thrown;
                    }));

    assertSame(thrown, caught);
  }
}
