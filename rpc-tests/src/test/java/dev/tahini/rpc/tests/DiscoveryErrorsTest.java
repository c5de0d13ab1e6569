package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Fleet.fails;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.answer;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Discovery.Subscription;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a user sees while discovery fails, is silent, or lists nothing. */
final class DiscoveryErrorsTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.unlisted("s0", "s1");

  @Test
  void emptyListFailsTheCallSayingWhenItWasAnswered() {
    cluster.discovery().empty();
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    Status status = failure(() -> client.stub().ask(ASK));

    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    String text = String.valueOf(status.getDescription());
    assertTrue(
        text.matches("probe\\.test:grpc: no backends; last answer \\d+ s ago listed 0 endpoints"),
        text);
  }

  @Test
  void emptyListIsWaitedOutUnderWaitForReady() {
    cluster.discovery().empty();

    assertWaitsForReadyUntilListed();
  }

  private void assertWaitsForReadyUntilListed() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> waiting = client.stub().withWaitForReady().ask(ASK);
    Await.until("calls to fail", () -> fails(client, Pick.leastLoaded()));
    assertFalse(waiting.isDone());

    list(cluster, "s0");

    assertEquals("s0", answer(waiting).getServer());
  }

  @Test
  void emptyListAfterAFullOneFailsTheNextCalls() {
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    client.stub().ask(ASK);

    cluster.discovery().empty();

    cluster.awaitApplied();
    Expect.unavailable("no backends; last answer", failure(() -> client.stub().ask(ASK)));
    assertEquals(List.of(), client.view().snapshot().backends());
  }

  @Test
  void errorBeforeTheFirstListFailsTheCallWithItsCause() {
    IOException cause = new IOException("name server is down");
    cluster
        .discovery()
        .fail(Status.UNAVAILABLE.withDescription("no answer from 10.0.0.53").withCause(cause));
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    Status status = failure(() -> client.stub().ask(ASK));

    Expect.unavailable(
        "probe.test:grpc: discovery has not answered yet: no answer from 10.0.0.53", status);
    assertSame(cause, status.getCause());
  }

  @Test
  void errorOfAnotherCodeBeforeTheFirstListIsUnavailableToo() {
    cluster.discovery().fail(Status.PERMISSION_DENIED);
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    Expect.unavailable(
        "discovery has not answered yet: PERMISSION_DENIED", failure(() -> client.stub().ask(ASK)));
  }

  @Test
  void listAfterAnErrorServesTheNextCalls() {
    cluster.discovery().fail(Status.UNAVAILABLE.withDescription("down"));
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    failure(() -> client.stub().ask(ASK));

    list(cluster, "s0");

    cluster.awaitApplied();
    assertEquals("s0", client.stub().ask(ASK).getServer());
    assertNull(client.view().snapshot().lastError());
  }

  @Test
  void callThatWaitsForReadyOutwaitsAnErrorBeforeTheFirstList() {
    cluster.discovery().fail(Status.UNAVAILABLE.withDescription("down"));

    assertWaitsForReadyUntilListed();
  }

  @Test
  void errorWhileACallWaitsForTheFirstListFailsIt() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> waiting = client.stub().ask(ASK);
    assertFalse(waiting.isDone());

    cluster.discovery().fail(Status.UNAVAILABLE.withDescription("down"));

    Expect.unavailable("discovery has not answered yet: down", outcome(waiting));
  }

  @Test
  void silentDiscoveryIsWaitedForUntilTheDeadline() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    Expect.waitsInVain(client.stub());
  }

  @Test
  void silentDiscoveryIsWaitedForUntilTheDeadlineUnderWaitForReadyToo() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    Expect.waitsInVain(client.stub().withWaitForReady());
  }

  @Test
  void callThatWaitsForTheFirstListIsServedByIt() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> waiting = client.stub().ask(ASK);
    assertFalse(waiting.isDone());

    list(cluster, "s0");

    assertEquals("s0", answer(waiting).getServer());
  }

  @Test
  void errorAfterAListIsShownAndFailsNoCall() {
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    client.stub().ask(ASK);
    Status error = Status.UNAVAILABLE.withDescription("down");

    cluster.discovery().fail(error);

    ClientSnapshot snapshot = client.view().snapshot();
    assertSame(error, snapshot.lastError());
    assertEquals(1, snapshot.backends().size());
    assertEquals("s0", client.stub().ask(ASK).getServer());
  }

  @Test
  void sameListAfterAnErrorIsNoErrorAnyMore() {
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    cluster.discovery().fail(Status.UNAVAILABLE.withDescription("down"));

    list(cluster, "s0");

    assertNull(client.view().snapshot().lastError());
  }

  @Test
  void discoveryThatThrowsFromWatchFailsTheBuild() {
    IllegalStateException thrown = new IllegalStateException("no credentials");
    Discovery throwing =
        saying(
            listener -> {
              throw thrown;
            });
    KeptChannelFactory channels = new KeptChannelFactory();

    IllegalStateException failure =
        assertThrows(IllegalStateException.class, client(throwing).channelFactory(channels)::build);
    assertSame(thrown, failure.getCause());
    Expect.contains("probe.test:grpc: Saying failed to watch it", failure.getMessage());
    assertTrue(channels.channel().isShutdown());
  }

  @Test
  void watchBeginsWithTheClientAndEndsWithIt() {
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    assertEquals(1, cluster.discovery().on(TARGET).watches());

    client.close();

    assertEquals(0, cluster.discovery().on(TARGET).watches());
  }

  @Test
  void firstOfSeveralDiscoveriesServesTargetsWithoutScheme() {
    TestDiscovery other = new TestDiscovery("other");

    try (var client = cluster.clientBuilder(ProbeGrpc::newBlockingStub).discovery(other).build()) {
      assertEquals(TARGET, client.target().toString());
      assertEquals(1, cluster.discovery().on(TARGET).watches());
      assertEquals(0, other.on(TARGET).watches());
    }
  }

  @Test
  void connectionThatFailsAsksDiscoveryToLookAgain() {
    cluster.backend("s0").refuseConnections();
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    failure(() -> client.stub().ask(ASK));

    Await.until("a refresh", () -> cluster.discovery().on(TARGET).refreshes() > 0);
  }

  @Test
  void endpointThatIsListedTwiceIsOneBackendOfBothWeights() {
    TestBackend backend = cluster.backend("s0");
    Endpoint endpoint = backend.endpoint();
    Discovery twice =
        saying(
            listener ->
                listener.onEndpoints(List.of(endpoint.withWeight(2), endpoint.withWeight(3))));

    try (RpcClient<ProbeBlockingStub> client = client(twice).build()) {
      serversOf(client.stub(), 5);

      assertEquals(
          List.of(endpoint.withWeight(5)),
          client.view().snapshot().backends().stream().map(b -> b.endpoint()).toList());
    }
    assertEquals(1, backend.connectionsEver());
  }

  private static RpcClient.Builder<ProbeBlockingStub> client(Discovery discovery) {
    return RpcClient.builder(TARGET, ProbeGrpc::newBlockingStub).discovery(discovery).plaintext();
  }

  private static Discovery saying(Consumer<Discovery.Listener> words) {
    return new Saying(words);
  }

  /** Does to a listener what {@link TestDiscovery} refuses to do. */
  private record Saying(Consumer<Discovery.Listener> words) implements Discovery {
    @Override
    public Set<String> schemes() {
      return Set.of("saying");
    }

    @Override
    public Subscription watch(Target target, Listener listener) {
      words.accept(listener);
      return new Subscription() {
        @Override
        public void close() {}

        @Override
        public @Nullable Instant lastConfirmed() {
          return null;
        }
      };
    }
  }

  @Test
  void addressThatIsNotListedFailsTheCallNamingIt() {
    list(cluster, "s0", "s1");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    Status status = failure(() -> client.stub(Pick.address("10.9.8.7:6543")).ask(ASK));

    Expect.unavailable("probe.test:grpc: 10.9.8.7:6543 is not among its 2 backends", status);
  }

  @Test
  void addressThatIsNotListedIsWaitedForUnderWaitForReady() {
    list(cluster, "s0");
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> waiting =
        client.stub(to(cluster.backend("s1"))).withWaitForReady().ask(ASK);
    cluster.awaitReady(client);
    assertFalse(waiting.isDone());

    list(cluster, "s0", "s1");

    assertEquals("s1", answer(waiting).getServer());
  }
}
