package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The beginning and the end of a client. */
final class ClientLifeTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Opened opened = new Opened();

  @Test
  void clientConnectsBeforeItsFirstCall() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    cluster.awaitReady(client);

    assertEquals(List.of(), cluster.attempts());
  }

  @Test
  void callAfterCloseFailsNamingTheTarget() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    client.stub().ask(ASK);

    client.close();

    Status status = failure(() -> client.stub().ask(ASK));
    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    assertEquals("probe.test:grpc: the client is closed", status.getDescription());
  }

  @Test
  void callOfAFunctionAfterCloseFailsNamingTheTarget() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    client.close();

    Expect.unavailable(
        "probe.test:grpc: the client is closed",
        failure(() -> client.call(Pick.random(), stub -> stub.ask(ASK))));
  }

  @Test
  void callAfterCloseFailsThoughItWaitsForReady() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    client.close();

    Expect.unavailable(
        "the client is closed", failure(() -> client.stub().withWaitForReady().ask(ASK)));
  }

  @Test
  void callInFlightEndsWithinTheGracePeriod() throws Exception {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Await.PATIENCE);
    ListenableFuture<AskResponse> call = hangingCall(client);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
    Await.until("new calls to be refused", () -> refuses(client));
    assertFalse(call.isDone());
    assertFalse(closing.isDone());
    cluster.backend("s0").release();

    assertEquals(Status.Code.OK, outcome(call).getCode());
    closing.get(Await.PATIENCE.toSeconds(), SECONDS);
  }

  @Test
  void callInFlightIsCutAfterTheGracePeriod() {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Duration.ofMillis(50));
    ListenableFuture<AskResponse> call = hangingCall(client);

    client.close();

    assertEquals(Status.Code.UNAVAILABLE, outcome(call).getCode());
  }

  @Test
  void callThatWaitsForDiscoveryIsCutAfterTheGracePeriod() {
    try (RpcTestCluster silent = Fleet.unlisted()) {
      RpcClient<ProbeFutureStub> client = silent.client(ProbeGrpc::newFutureStub);
      ListenableFuture<AskResponse> call = client.stub().ask(ASK);

      client.close();

      // gRPC's code for what it has not begun to send differs from that for what it has.
      assertEquals(Status.Code.CANCELLED, outcome(call).getCode());
    }
  }

  @Test
  void connectionsEndWithTheClient() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    cluster.awaitReady(client);

    client.close();

    cluster.backends().forEach(backend -> backend.awaitConnections(0));
  }

  @Test
  void closingTwiceIsAsGoodAsOnce() {
    RecordedEvents events = new RecordedEvents();
    RpcClient<ProbeBlockingStub> client =
        opened.add(cluster.clientBuilder(ProbeGrpc::newBlockingStub).feature(events).build());
    client.stub().ask(ASK);

    client.close();
    client.close();

    assertEquals(1, events.clientsClosed());
  }

  @Test
  void secondCloseDoesNotWaitForTheGraceOfTheFirst() throws Exception {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Await.PATIENCE);
    ListenableFuture<AskResponse> call = hangingCall(client);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
    Await.until("new calls to be refused", () -> refuses(client));

    client.close();

    assertFalse(call.isDone());
    cluster.backend("s0").release();
    closing.get(Await.PATIENCE.toSeconds(), SECONDS);
  }

  @Test
  void interruptedCloseCutsTheCallsAndStaysInterrupted()
      throws InterruptedException, ExecutionException, TimeoutException {
    RpcClient<ProbeFutureStub> client = clientOfGrace(Duration.ofMinutes(5));
    ListenableFuture<AskResponse> call = hangingCall(client);
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
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    client.stub().ask(ASK);

    client.close();

    assertEquals(1, client.view().snapshot().backends().stream().mapToLong(b -> b.started()).sum());
  }

  @Test
  void listAfterCloseChangesNothing() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    client.close();
    cluster.discovery().empty();

    assertEquals(2, client.view().snapshot().backends().size());
  }

  private RpcClient<ProbeFutureStub> clientOfGrace(Duration grace) {
    return opened.add(cluster.clientBuilder(ProbeGrpc::newFutureStub).gracePeriod(grace).build());
  }

  /** A call that hangs on s0; those to s1 are answered. */
  private ListenableFuture<AskResponse> hangingCall(RpcClient<ProbeFutureStub> client) {
    TestBackend s0 = cluster.backend("s0");
    s0.hang();
    ListenableFuture<AskResponse> call = client.stub(to(s0)).ask(ASK);
    s0.awaitHanging(1);
    return call;
  }

  private boolean refuses(RpcClient<ProbeFutureStub> client) {
    return outcome(client.stub(to(cluster.backend("s1"))).ask(ASK)).getCode()
        == Status.Code.UNAVAILABLE;
  }
}
