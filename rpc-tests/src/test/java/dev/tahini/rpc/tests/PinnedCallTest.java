package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** {@link RpcClient#call}: one backend for all calls of a function. */
final class PinnedCallTest {
  private static final int SERVERS = 3;
  private static final int THREADS = 8;

  @AutoClose private final Fleet fleet = Fleet.killable(SERVERS);

  @Test
  void callsStayThoughAnotherBackendIsLessLoaded() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, SERVERS);

    Set<String> servers =
        client.call(
            Pick.leastLoaded(),
            stub -> {
              Set<String> answering = new HashSet<>();
              for (int i = 1; i <= 10; i++) {
                answering.add(Probes.answer(stub.ask(ASK)).getServer());
                var unused = stub.ask(HANG);
                fleet.awaitHanging(i);
              }
              return answering;
            });

    assertEquals(1, servers.size(), servers::toString);
    assertEquals(10, fleet.server(servers.iterator().next()).service().hanging());
  }

  @Test
  void nextCallOfTheClientMayGoElsewhere() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, SERVERS);
    Set<String> servers = new HashSet<>();

    for (int i = 1; i <= SERVERS; i++) {
      servers.add(
          client.call(
              Pick.leastLoaded(),
              stub -> {
                String server = Probes.answer(stub.ask(ASK)).getServer();
                var unused = stub.ask(HANG);
                return server;
              }));
      fleet.awaitHanging(i);
    }

    assertEquals(Set.of("s0", "s1", "s2"), servers);
  }

  @Test
  void stubOfTheClientIsNotPinnedByItsCalls() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, SERVERS);

    String pinned =
        client.call(
            Pick.leastLoaded(),
            stub -> {
              var unused = stub.ask(HANG);
              fleet.awaitHanging(1);
              return Probes.answer(stub.ask(ASK)).getServer();
            });

    assertNotEquals(pinned, Probes.answer(client.stub().ask(ASK)).getServer());
  }

  @Test
  void pickOfASingleCallInsideDoesNotUnpinIt() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, SERVERS);

    List<String> servers =
        client.call(
            Pick.address(fleet.server(0).address()),
            stub ->
                List.of(
                    stub.ask(ASK).getServer(),
                    stub.withOption(Pick.OPTION, Pick.address(fleet.server(1).address()))
                        .ask(ASK)
                        .getServer()));

    assertEquals(List.of("s0", "s0"), servers);
  }

  @Test
  void concurrentCallsOfOneFunctionGoToOneBackend() throws Exception {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, SERVERS);

    Set<String> servers = client.call(Pick.random(), stub -> callFromManyThreads(stub, 50));

    assertEquals(1, servers.size(), servers::toString);
  }

  @RepeatedTest(10)
  void concurrentFirstCallsGoToOneBackendThoughNoneIsConnectedYet() throws Exception {
    RpcClient<ProbeBlockingStub> client = fleet.client();

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
  void firstCallThatFailsBeforeItsStreamDoesNotPin() {
    ClosedPort closed = fleet.closedPort();
    fleet.discovery().list(closed.endpoint(), fleet.server(1).endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();

    String server =
        client.call(
            Pick.address(closed.address()),
            stub -> {
              Expect.unavailable(closed.address(), failure(() -> stub.ask(ASK)));
              return stub.withOption(Pick.OPTION, Pick.random()).ask(ASK).getServer();
            });

    assertEquals("s1", server);
  }

  @Test
  void whatTheFunctionThrowsIsPassedOn() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
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
