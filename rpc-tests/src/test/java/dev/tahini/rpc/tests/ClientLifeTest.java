package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The beginning and the end of a client. */
final class ClientLifeTest {
  @AutoClose private final Fleet fleet = Fleet.of(2);

  @Test
  void clientConnectsBeforeItsFirstCall() {
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Fleet.awaitReady(client, 2);

    assertEquals(0, fleet.server(0).service().started().size());
  }

  @Test
  void callAfterCloseFailsNamingTheTarget() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    client.stub().ask(ASK);

    client.close();

    Status status = failure(() -> client.stub().ask(ASK));
    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    assertEquals("probe.test:grpc: the client is closed", status.getDescription());
  }

  @Test
  void callOfAFunctionAfterCloseFailsNamingTheTarget() {
    RpcClient<ProbeBlockingStub> client = fleet.client();

    client.close();

    Expect.unavailable(
        "probe.test:grpc: the client is closed",
        failure(() -> client.call(Pick.random(), stub -> stub.ask(ASK))));
  }

  @Test
  void callAfterCloseFailsThoughItWaitsForReady() {
    RpcClient<ProbeBlockingStub> client = fleet.client();

    client.close();

    Expect.unavailable(
        "the client is closed", failure(() -> client.stub().withWaitForReady().ask(ASK)));
  }

  @Test
  void callInFlightEndsWithinTheGracePeriod() throws Exception {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Await.PATIENCE);
    ListenableFuture<AskResponse> call = client.stub().ask(HANG);
    fleet.awaitHanging(1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
    Await.until("new calls to be refused", () -> refuses(client));
    assertFalse(call.isDone());
    assertFalse(closing.isDone());
    fleet.release();

    assertEquals(Status.Code.OK, outcome(call).getCode());
    closing.get(Await.PATIENCE.toSeconds(), SECONDS);
  }

  @Test
  void callInFlightIsCutAfterTheGracePeriod() {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Duration.ofMillis(50));
    ListenableFuture<AskResponse> call = client.stub().ask(HANG);
    fleet.awaitHanging(1);

    client.close();

    assertEquals(Status.Code.UNAVAILABLE, outcome(call).getCode());
  }

  @Test
  void callThatWaitsForDiscoveryIsCutAfterTheGracePeriod() {
    try (Fleet silent = Fleet.unlisted()) {
      RpcClient<ProbeFutureStub> client = silent.futureClient();
      ListenableFuture<AskResponse> call = client.stub().ask(ASK);

      client.close();

      // gRPC's code for what it has not begun to send differs from that for what it has.
      assertEquals(Status.Code.CANCELLED, outcome(call).getCode());
    }
  }

  @Test
  void connectionsEndWithTheClient() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitReady(client, 2);

    client.close();

    Await.until(
        "no connection", () -> fleet.servers().stream().allMatch(s -> s.connections() == 0));
  }

  @Test
  void closingTwiceIsAsGoodAsOnce() {
    RecordedEvents events = new RecordedEvents();
    RpcClient<ProbeBlockingStub> client = fleet.closing(fleet.builder().feature(events).build());
    client.stub().ask(ASK);

    client.close();
    client.close();

    assertEquals(1, events.clientsClosed());
  }

  @Test
  void secondCloseDoesNotWaitForTheGraceOfTheFirst() throws Exception {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Await.PATIENCE);
    ListenableFuture<AskResponse> call = client.stub().ask(HANG);
    fleet.awaitHanging(1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
    Await.until("new calls to be refused", () -> refuses(client));

    client.close();

    assertFalse(call.isDone());
    fleet.release();
    closing.get(Await.PATIENCE.toSeconds(), SECONDS);
  }

  @Test
  void interruptedCloseCutsTheCallsAndStaysInterrupted()
      throws InterruptedException, ExecutionException, TimeoutException {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Duration.ofMinutes(5));
    ListenableFuture<AskResponse> call = client.stub().ask(HANG);
    fleet.awaitHanging(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread closer =
        new Thread(
            () -> {
              client.close();
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    closer.start();
    Await.until("new calls to be refused", () -> refuses(client));

    closer.interrupt();

    assertTrue(interrupted.get(Await.PATIENCE.toSeconds(), SECONDS));
    assertEquals(Status.Code.UNAVAILABLE, outcome(call).getCode());
  }

  @Test
  void snapshotOfAClosedClientCanStillBeRead() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    client.stub().ask(ASK);

    client.close();

    assertEquals(1, client.view().snapshot().backends().stream().mapToLong(b -> b.started()).sum());
  }

  @Test
  void listAfterCloseChangesNothing() {
    RpcClient<ProbeBlockingStub> client = fleet.client();

    client.close();
    fleet.list();

    assertEquals(2, client.view().snapshot().backends().size());
  }

  private RpcClient<ProbeFutureStub> clientOfGrace(Duration grace) {
    return fleet.closing(fleet.builder(ProbeGrpc::newFutureStub).gracePeriod(grace).build());
  }

  private static boolean refuses(RpcClient<ProbeFutureStub> client) {
    return outcome(client.stub().ask(ASK)).getCode() == Status.Code.UNAVAILABLE;
  }
}
