package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.answer;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a user sees while discovery fails, is silent, or lists nothing. */
final class DiscoveryErrorsTest {
  @AutoClose private final Fleet fleet = Fleet.unlisted();

  @Test
  void emptyListFailsTheCallSayingWhenItWasAnswered() {
    fleet.list();
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Status status = failure(() -> client.stub().ask(ASK));

    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    String text = String.valueOf(status.getDescription());
    assertTrue(
        text.matches("probe\\.test:grpc: no backends; last answer \\d+ s ago listed 0 endpoints"),
        text);
  }

  @Test
  void emptyListIsWaitedOutUnderWaitForReady() {
    fleet.list();

    assertWaitsForReadyUntilListed();
  }

  private void assertWaitsForReadyUntilListed() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    ListenableFuture<AskResponse> waiting = client.stub().withWaitForReady().ask(ASK);
    Fleet.awaitCallsToFail(client);
    assertFalse(waiting.isDone());

    fleet.list(fleet.start("s0"));

    assertEquals("s0", answer(waiting).getServer());
  }

  @Test
  void emptyListAfterAFullOneFailsTheNextCalls() {
    fleet.list(fleet.start("s0"));
    RpcClient<ProbeBlockingStub> client = fleet.client();
    client.stub().ask(ASK);

    fleet.list();

    Await.until("the empty list to be seen", () -> Fleet.fails(client, Pick.leastLoaded()));
    Expect.unavailable("no backends; last answer", failure(() -> client.stub().ask(ASK)));
    assertEquals(List.of(), client.view().snapshot().backends());
  }

  @Test
  void errorBeforeTheFirstListFailsTheCallWithItsCause() {
    IOException cause = new IOException("name server is down");
    fleet
        .discovery()
        .fail(Status.UNAVAILABLE.withDescription("no answer from 10.0.0.53").withCause(cause));
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Status status = failure(() -> client.stub().ask(ASK));

    Expect.unavailable(
        "probe.test:grpc: discovery has not answered yet: no answer from 10.0.0.53", status);
    assertSame(cause, status.getCause());
  }

  @Test
  void errorOfAnotherCodeBeforeTheFirstListIsUnavailableToo() {
    fleet.discovery().fail(Status.PERMISSION_DENIED);
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Expect.unavailable(
        "discovery has not answered yet: PERMISSION_DENIED", failure(() -> client.stub().ask(ASK)));
  }

  @Test
  void listAfterAnErrorServesTheNextCalls() {
    fleet.discovery().fail(Status.UNAVAILABLE.withDescription("down"));
    RpcClient<ProbeBlockingStub> client = fleet.client();
    failure(() -> client.stub().ask(ASK));

    fleet.list(fleet.start("s0"));

    Await.until("the list to be seen", () -> !Fleet.fails(client, Pick.leastLoaded()));
    assertEquals("s0", client.stub().ask(ASK).getServer());
    assertNull(client.view().snapshot().lastError());
  }

  @Test
  void callThatWaitsForReadyOutwaitsAnErrorBeforeTheFirstList() {
    fleet.discovery().fail(Status.UNAVAILABLE.withDescription("down"));

    assertWaitsForReadyUntilListed();
  }

  @Test
  void errorWhileACallWaitsForTheFirstListFailsIt() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    ListenableFuture<AskResponse> waiting = client.stub().ask(ASK);
    assertFalse(waiting.isDone());

    fleet.discovery().fail(Status.UNAVAILABLE.withDescription("down"));

    Expect.unavailable("discovery has not answered yet: down", outcome(waiting));
  }

  @Test
  void silentDiscoveryIsWaitedForUntilTheDeadline() {
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Expect.waitsInVain(client.stub());
  }

  @Test
  void silentDiscoveryIsWaitedForUntilTheDeadlineUnderWaitForReadyToo() {
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Expect.waitsInVain(client.stub().withWaitForReady());
  }

  @Test
  void callThatWaitsForTheFirstListIsServedByIt() {
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    ListenableFuture<AskResponse> waiting = client.stub().ask(ASK);
    assertFalse(waiting.isDone());

    fleet.list(fleet.start("s0"));

    assertEquals("s0", answer(waiting).getServer());
  }

  @Test
  void errorAfterAListIsShownAndFailsNoCall() {
    fleet.list(fleet.start("s0"));
    RpcClient<ProbeBlockingStub> client = fleet.client();
    client.stub().ask(ASK);
    Status error = Status.UNAVAILABLE.withDescription("down");

    fleet.discovery().fail(error);

    ClientSnapshot snapshot = client.view().snapshot();
    assertSame(error, snapshot.lastError());
    assertEquals(1, snapshot.backends().size());
    assertEquals("s0", client.stub().ask(ASK).getServer());
  }

  @Test
  void sameListAfterAnErrorIsNoErrorAnyMore() {
    ProbeServer server = fleet.start("s0");
    fleet.list(server);
    RpcClient<ProbeBlockingStub> client = fleet.client();
    fleet.discovery().fail(Status.UNAVAILABLE.withDescription("down"));

    fleet.list(server);

    assertNull(client.view().snapshot().lastError());
  }

  @Test
  void discoveryThatThrowsFromWatchFailsTheBuild() {
    IllegalStateException thrown = new IllegalStateException("no credentials");
    fleet.discovery().failWatches(thrown);
    KeptChannelFactory channels = new KeptChannelFactory();

    IllegalStateException failure =
        assertThrows(IllegalStateException.class, fleet.builder().channelFactory(channels)::build);
    assertSame(thrown, failure.getCause());
    Expect.contains("probe.test:grpc: ListDiscovery failed to watch it", failure.getMessage());
    assertTrue(channels.channel().isShutdown());
  }

  @Test
  void watchBeginsWithTheClientAndEndsWithIt() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    assertEquals(1, fleet.discovery().openWatches());
    assertEquals(List.of(client.target()), fleet.discovery().watched());

    client.close();

    assertEquals(0, fleet.discovery().openWatches());
  }

  @Test
  void firstOfSeveralDiscoveriesServesTargetsWithoutScheme() {
    ListDiscovery other = new ListDiscovery("other");

    RpcClient<ProbeBlockingStub> client = fleet.closing(fleet.builder().discovery(other).build());

    assertEquals(List.of(client.target()), fleet.discovery().watched());
    assertEquals(List.of(), other.watched());
  }

  @Test
  void connectionThatFailsAsksDiscoveryToLookAgain() {
    fleet.discovery().list(fleet.closedPort().endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();

    failure(() -> client.stub().ask(ASK));

    Await.until("a refresh", () -> fleet.discovery().refreshes() > 0);
  }

  @Test
  void endpointThatIsListedTwiceIsOneBackendOfBothWeights() {
    ProbeServer server = fleet.start("s0");
    Endpoint endpoint = server.endpoint();
    fleet.discovery().list(endpoint.withWeight(2), endpoint.withWeight(3));
    RpcClient<ProbeBlockingStub> client = fleet.client();

    for (int i = 0; i < 5; i++) {
      client.stub().ask(ASK);
    }

    assertEquals(
        List.of(endpoint.withWeight(5)),
        client.view().snapshot().backends().stream().map(b -> b.endpoint()).toList());
    assertEquals(1, server.connectionsEver());
  }

  @Test
  void addressThatIsNotListedFailsTheCallNamingIt() {
    fleet.list(fleet.start("s0"), fleet.start("s1"));
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Status status = failure(() -> client.stub(Pick.address("10.9.8.7:6543")).ask(ASK));

    Expect.unavailable("probe.test:grpc: 10.9.8.7:6543 is not among its 2 backends", status);
  }

  @Test
  void addressThatIsNotListedIsWaitedForUnderWaitForReady() {
    ProbeServer first = fleet.start("s0");
    ProbeServer second = fleet.start("s1");
    fleet.list(first);
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    ListenableFuture<AskResponse> waiting =
        client.stub(Pick.address(second.address())).withWaitForReady().ask(ASK);
    Fleet.awaitReady(client, 1);
    assertFalse(waiting.isDone());

    fleet.list(first, second);

    assertEquals("s1", answer(waiting).getServer());
  }
}
