package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Calls of a function whose backend is taken from the list, or dies. */
final class PinnedBackendGoneTest {
  private static final int SERVERS = 3;

  @AutoClose private final Fleet fleet = Fleet.killable(SERVERS);

  @Test
  void backendThatLeavesTheListFailsTheRestNamingIt() {
    Expect.unavailable(
        "probe.test:grpc: " + fleet.server(0).address() + " is no longer among its backends",
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
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, SERVERS);

    return client.call(
        Pick.address(fleet.server(0).address()),
        stub -> {
          stub.ask(ASK);
          listUntilPinnedIsGone(stub, fleet.server(1), fleet.server(2));
          return failure(() -> options.apply(stub).ask(ASK));
        });
  }

  @Test
  void nextCallOfTheClientPicksAmongThoseThatAreLeft() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, SERVERS);
    client.call(
        Pick.address(fleet.server(0).address()),
        stub -> {
          stub.ask(ASK);
          listUntilPinnedIsGone(stub, fleet.server(1));
          return stub;
        });

    assertEquals("s1", client.call(Pick.leastLoaded(), stub -> stub.ask(ASK).getServer()));
  }

  @Test
  void killedBackendFailsTheCallInFlightAndThoseThatFollow() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, SERVERS);

    client.call(
        Pick.leastLoaded(),
        stub -> {
          ListenableFuture<AskResponse> inFlight = stub.ask(HANG);
          fleet.awaitHanging(1);
          ProbeServer killed =
              fleet.servers().stream().filter(s -> s.service().hanging() == 1).findFirst().get();

          killed.kill();

          assertEquals(Status.Code.UNAVAILABLE, outcome(inFlight).getCode());
          Expect.unavailable(killed.address() + " cannot be connected", outcome(stub.ask(ASK)));
          return stub;
        });
  }

  @Test
  void callAfterAKillPicksAnotherBackend() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, SERVERS);

    String killed =
        client.call(
            Pick.leastLoaded(),
            stub -> {
              String server = stub.ask(ASK).getServer();
              killUntilSeen(stub, fleet.server(server));
              return server;
            });

    assertNotEquals(killed, client.call(Pick.leastLoaded(), stub -> stub.ask(ASK).getServer()));
  }

  @Test
  void pinnedBackendThatComesBackServesTheRest() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, SERVERS);

    String after =
        client.call(
            Pick.address(fleet.server(0).address()),
            stub -> {
              stub.ask(ASK);
              killUntilSeen(stub, fleet.server(0));
              fleet.server(0).restart();
              return stub.withWaitForReady().withDeadlineAfter(Await.PATIENCE).ask(ASK).getServer();
            });

    assertEquals("s0", after);
  }

  private void listUntilPinnedIsGone(ProbeBlockingStub stub, ProbeServer... others) {
    fleet.list(others);
    Await.until("the pinned backend to be gone", () -> failsToAsk(stub));
  }

  private static void killUntilSeen(ProbeBlockingStub stub, ProbeServer pinned) {
    pinned.kill();
    Await.until("the kill to be seen", () -> failsToAsk(stub));
  }

  private static boolean failsToAsk(ProbeBlockingStub stub) {
    try {
      stub.ask(ASK);
      return false;
    } catch (StatusRuntimeException gone) {
      return true;
    }
  }
}
