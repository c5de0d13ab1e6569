package dev.tahini.rpc.tests.faults;

import static dev.tahini.rpc.tests.Fleet.awaitState;
import static dev.tahini.rpc.tests.Fleet.load;
import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.answer;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.ClosedLoop;
import dev.tahini.rpc.tests.Expect;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.LoadPicks;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections and streams that break off, or hang, in the middle of calls. */
final class CutStreamsTest {
  private static final int IN_FLIGHT = 50;

  /** What is promised, and a second for a busy machine. */
  private static final Duration FOUND_WITHIN = Duration.ofSeconds(10 + 1);

  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);
  private final TestBackend s0 = cluster.backend("s0");

  @Test
  void resetsUnderLoadFailOnlyWhatIsInFlightOnTheConnection() {
    RpcClient<Channel> client = cluster.client(channel -> channel);
    cluster.awaitReady(client);
    int resets = 5;
    List<ClosedLoop.Failure> failures;
    try (ClosedLoop loop = load(cluster, client, IN_FLIGHT, LoadPicks.LEAST_LOADED)) {
      for (int i = 0; i < resets; i++) {
        s0.resetConnections();
        cluster.awaitReady(client);
        loop.awaitMore(IN_FLIGHT);
      }
      failures = loop.stop();
    }

    failures.forEach(f -> assertEquals(Status.Code.UNAVAILABLE, f.status().getCode(), f::toString));
    assertTrue(failures.size() <= resets * IN_FLIGHT, () -> failures.size() + " failed");
    client.view().snapshot().backends().stream()
        .filter(backend -> !backend.address().equals(s0.address()))
        .forEach(other -> assertTrue(other.failed().isEmpty(), other::toString));
  }

  /** Netty tells gRPC of the exception, or that the connection is gone: what comes first. */
  @Test
  void callInFlightOnAConnectionThatIsResetFailsSayingSo() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    s0.hang();
    ListenableFuture<AskResponse> cut = client.stub(to(s0)).ask(ASK);
    s0.awaitHanging(1);

    s0.resetConnections();

    Status status = outcome(cut);
    assertEquals(Status.Code.UNAVAILABLE, status.getCode(), status::toString);
    String said = String.valueOf(status.getDescription());
    assertTrue(
        said.contains("Network closed for unknown reason")
            || (said.contains("io exception")
                && String.valueOf(status.getCause()).contains("Connection reset")),
        status::toString);
  }

  @Test
  void streamThatHangsHoldsUpNoOtherOnItsConnection() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> hanging = client.stub(to(s0)).ask(HANG);

    for (int i = 0; i < 200; i++) {
      assertEquals("s0", answer(client.stub(to(s0)).ask(ASK)).getServer());
    }

    assertFalse(hanging.isDone());
    assertEquals(1, s0.connectionsEver());
    hanging.cancel(true);
  }

  @Test
  void halfOpenConnectionIsTakenForAGoodOneWithoutKeepalive() throws IOException {
    TestDiscovery discovery = new TestDiscovery();
    try (FreezingRelay relay = FreezingRelay.to(s0.endpoint());
        RpcClient<ProbeBlockingStub> client =
            RpcClient.builder(Fleet.TARGET, ProbeGrpc::newBlockingStub)
                .discovery(discovery)
                .plaintext()
                .build()) {
      discovery.set(relay.endpoint());
      awaitState(client, relay.endpoint(), ConnectivityState.READY);

      relay.freeze();

      for (int i = 0; i < 3; i++) {
        Expect.waitsInVain(client.stub());
      }
      assertEquals(ConnectivityState.READY, client.view().snapshot().backends().get(0).state());
      assertEquals(1, relay.accepted());
    }
  }

  @Test
  @Tag("full") // gRPC pings no more often than every 10 s
  void keepaliveFailsTheCallsOfAHalfOpenConnectionAndFindsTheServerAgain() throws IOException {
    TestDiscovery discovery = new TestDiscovery();
    try (FreezingRelay relay = FreezingRelay.to(s0.endpoint());
        RpcClient<ProbeFutureStub> client = pinging(discovery, false)) {
      discovery.set(relay.endpoint());
      assertEquals("s0", answer(client.stub().ask(ASK)).getServer());
      relay.freeze();

      ListenableFuture<AskResponse> lost = client.stub().ask(ASK);
      Await.until(Duration.ofSeconds(30), () -> "keepalive to find it", lost::isDone);

      Expect.unavailable("Keepalive failed", outcome(lost));
      assertEquals(
          "s0", answer(client.stub().withDeadlineAfter(Await.PATIENCE).ask(ASK)).getServer());
      assertEquals(2, relay.accepted());
    }
  }

  @Test
  @Tag("full") // gRPC pings no more often than every 10 s
  void halfOpenConnectionThatIsNotUsedIsFoundTooWhereKeepaliveIsToPingWithoutCalls()
      throws IOException {
    TestDiscovery discovery = new TestDiscovery();
    try (FreezingRelay relay = FreezingRelay.to(s0.endpoint());
        RpcClient<ProbeFutureStub> client = pinging(discovery, true)) {
      discovery.set(relay.endpoint());
      awaitState(client, relay.endpoint(), ConnectivityState.READY);

      relay.freeze();

      Await.until(Duration.ofSeconds(30), () -> "a new one", () -> relay.accepted() == 2);
      assertEquals(
          "s0", answer(client.stub().withDeadlineAfter(Await.PATIENCE).ask(ASK)).getServer());
    }
  }

  private static RpcClient<ProbeFutureStub> pinging(TestDiscovery discovery, boolean always) {
    return RpcClient.builder(Fleet.TARGET, ProbeGrpc::newFutureStub)
        .discovery(discovery)
        .plaintext()
        .channel(
            c ->
                c.keepAliveTime(10, TimeUnit.SECONDS)
                    .keepAliveTimeout(2, TimeUnit.SECONDS)
                    .keepAliveWithoutCalls(always))
        .build();
  }

  @Test
  @Tag("full") // waits until the backoff has grown
  void serverThatWasAwayForLongIsFoundAgainWithinTenSeconds() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    cluster.awaitReady(client);
    s0.kill();
    long killed = System.nanoTime();
    Await.until(
        Duration.ofSeconds(60),
        () -> "gRPC's waits to add up",
        () -> System.nanoTime() - killed > Duration.ofSeconds(40).toNanos());

    s0.restart();
    long back = System.nanoTime();
    Pick pick = to(s0);
    answer(client.stub(pick).withWaitForReady().ask(ASK));

    Duration found = Duration.ofNanos(System.nanoTime() - back);
    assertTrue(found.compareTo(FOUND_WITHIN) < 0, () -> "found after " + found);
    System.out.println("server that was away for 40 s: found after " + found.toMillis() + " ms");
  }
}
