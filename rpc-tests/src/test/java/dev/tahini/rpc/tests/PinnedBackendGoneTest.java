package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.fails;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Calls of a function whose backend is taken from the list, or dies. */
final class PinnedBackendGoneTest {
  private static final int SERVERS = 3;

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);
  private final TestBackend s0 = cluster.backend("s0");

  @Test
  void backendThatLeavesTheListFailsTheRestNamingIt() {
    Expect.unavailable(
        "probe.test:grpc: " + s0.address() + " is no longer among its backends",
        failureAfterItLeft(stub -> stub));
  }

  @Test
  void backendThatLeftTheListFailsCallsThatWaitForReadyToo() {
    Expect.unavailable(
        "is no longer among its backends",
        failureAfterItLeft(stub -> stub.withWaitForReady().withDeadlineAfter(Await.PATIENCE)));
  }

  /** How a call fails whose pinned backend, the first, has left the list. */
  private Status failureAfterItLeft(UnaryOperator<ProbeBlockingStub> options) {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    cluster.awaitReady(client);

    return client.call(
        to(s0),
        stub -> {
          stub.ask(ASK);
          list(cluster, "s1", "s2");
          cluster.awaitApplied();
          return failure(() -> options.apply(stub).ask(ASK));
        });
  }

  @Test
  void nextCallOfTheClientPicksAmongThoseThatAreLeft() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    cluster.awaitReady(client);
    client.call(
        to(s0),
        stub -> {
          stub.ask(ASK);
          list(cluster, "s1");
          cluster.awaitApplied();
          return stub;
        });

    assertEquals("s1", client.call(Pick.leastLoaded(), stub -> stub.ask(ASK).getServer()));
  }

  @Test
  void killedBackendFailsTheCallInFlightAndThoseThatFollow() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    cluster.awaitReady(client);

    client.call(
        Pick.leastLoaded(),
        stub -> {
          cluster.backends().forEach(TestBackend::hang);
          ListenableFuture<AskResponse> inFlight = stub.ask(ASK);
          cluster.awaitHanging(1);
          TestBackend killed = cluster.backend(cluster.calls().onlyCall().first().backend());

          killed.kill();

          assertEquals(Status.Code.UNAVAILABLE, outcome(inFlight).getCode());
          Expect.unavailable(killed.address() + " cannot be connected", outcome(stub.ask(ASK)));
          return stub;
        });
  }

  @Test
  void callAfterAKillPicksAnotherBackend() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    cluster.awaitReady(client);

    String killed =
        client.call(
            Pick.leastLoaded(),
            stub -> {
              String server = stub.ask(ASK).getServer();
              killUntilSeen(stub, cluster.backend(server));
              return server;
            });

    assertNotEquals(killed, client.call(Pick.leastLoaded(), stub -> stub.ask(ASK).getServer()));
  }

  @Test
  void pinnedBackendThatComesBackServesTheRest() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    cluster.awaitReady(client);

    String after =
        client.call(
            to(s0),
            stub -> {
              stub.ask(ASK);
              killUntilSeen(stub, s0);
              s0.restart();
              return stub.withWaitForReady().withDeadlineAfter(Await.PATIENCE).ask(ASK).getServer();
            });

    assertEquals("s0", after);
  }

  private static void killUntilSeen(ProbeBlockingStub stub, TestBackend pinned) {
    pinned.kill();
    Await.until("the kill to be seen", () -> fails(stub));
  }
}
