package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.backend;
import static dev.tahini.rpc.tests.Probes.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents.AttemptEnded;
import dev.tahini.rpc.CallEvents.Picked;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskRequest;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What is counted of each backend's attempts. */
final class AccountingTest {
  @AutoClose private final Fleet fleet = Fleet.killable(3);

  /** Cancels a call while gRPC picks it again, which it does when a connection has become ready. */
  private static final class CancelsTheWaiting implements Picker.Factory {
    private final Context.CancellableContext call = Context.current().withCancellation();
    private final AtomicInteger picks = new AtomicInteger();

    @Override
    public String name() {
      return "cancels";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      return new Picker() {
        @Override
        public Backend pick(PickRequest request) {
          Backend only = backends.all().get(0);
          if (only.state() == ConnectivityState.READY) {
            call.cancel(null);
          }
          picks.incrementAndGet();
          return only;
        }
      };
    }
  }

  @RepeatedTest(20)
  void callThatIsCancelledWhileItIsPickedAgainIsNotInFlight() throws Exception {
    CancelsTheWaiting cancels = new CancelsTheWaiting();
    RecordedEvents events = new RecordedEvents();
    ProbeServer held = fleet.add(ProbeServer.startHeld("held"));
    fleet.list(held);
    RpcClient<ProbeFutureStub> client =
        fleet.closing(
            fleet.builder(ProbeGrpc::newFutureStub).picker(cancels).feature(events).build());
    ListenableFuture<AskResponse> cancelled =
        cancels.call.call(() -> client.stub(Pick.with("cancels", null)).ask(HANG));
    Await.until("the call to wait", () -> cancels.picks.get() > 0);

    held.open();

    assertEquals(Status.Code.CANCELLED, outcome(cancelled).getCode());
    assertEquals("held", Probes.answer(client.stub().ask(ASK)).getServer());
    assertAllEnded(client);
    Await.until(() -> events.ended().size() == events.picked().size());
  }

  @Test
  void callsThatAreCancelledWhileTheyWaitForAConnectionAreNotCounted() {
    SilentPort connecting = fleet.silentPort();
    fleet.discovery().list(connecting.endpoint());
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    List<ListenableFuture<AskResponse>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiting.add(client.stub().ask(ASK));
    }

    waiting.forEach(call -> call.cancel(true));

    BackendSnapshot backend = backend(client.view().snapshot(), connecting.address());
    assertEquals(0, backend.inFlight());
    assertEquals(0, backend.started());
  }

  @Test
  void eachCodeIsCountedForItself() {
    fleet.list(fleet.server(0));
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Set<Status.Code> errors = EnumSet.complementOf(EnumSet.of(Status.Code.OK));

    for (Status.Code code : errors) {
      Status status = Probes.failure(() -> client.stub().ask(Probes.fail(code, "as asked")));
      Expect.status(code, "as asked", status);
    }
    client.stub().ask(ASK);

    BackendSnapshot backend = backend(client.view().snapshot(), fleet.server(0).address());
    Await.until(() -> backend(client.view().snapshot(), backend.address()).inFlight() == 0);
    assertEquals(errors, backend.failed().keySet());
    assertTrue(backend.failed().values().stream().allMatch(count -> count == 1));
    assertEquals(1, backend.succeeded());
  }

  @Test
  void cancelledAttemptIsCountedAsCancelled() {
    fleet.list(fleet.server(0));
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    ListenableFuture<AskResponse> cancelled = client.stub().ask(HANG);
    fleet.awaitHanging(1);

    cancelled.cancel(true);

    assertAllEnded(client);
    assertEquals(
        Map.of(Status.Code.CANCELLED, 1L),
        backend(client.view().snapshot(), fleet.server(0).address()).failed());
  }

  @Test
  void attemptWhoseDeadlineHasPassedIsCountedAsSuch() {
    fleet.list(fleet.server(0));
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitReady(client, 1);
    ListenableFuture<AskResponse> late =
        client.stub().withDeadlineAfter(Duration.ofMillis(200)).ask(HANG);

    assertEquals(Status.Code.DEADLINE_EXCEEDED, outcome(late).getCode());

    assertAllEnded(client);
    assertEquals(
        Map.of(Status.Code.DEADLINE_EXCEEDED, 1L),
        backend(client.view().snapshot(), fleet.server(0).address()).failed());
  }

  @Test
  void lastErrorAndLatencyAreThoseOfTheAttempts() {
    fleet.list(fleet.server(0));
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Probes.failure(() -> client.stub().ask(Probes.fail(Status.Code.DATA_LOSS, "disk")));

    Await.until(
        () -> backend(client.view().snapshot(), fleet.server(0).address()).lastError() != null);
    BackendSnapshot backend = backend(client.view().snapshot(), fleet.server(0).address());
    Status lastError = backend.lastError();
    assertNotNull(lastError);
    Expect.status(Status.Code.DATA_LOSS, "disk", lastError);
    assertFalse(backend.latency().isZero());
  }

  @Test
  void nothingStaysInFlightAfterCancelsDeadlinesFailuresAndAKill() {
    RecordedEvents events = new RecordedEvents();
    RpcClient<ProbeFutureStub> client =
        fleet.closing(fleet.builder(ProbeGrpc::newFutureStub).feature(events).build());
    Fleet.awaitReady(client, 3);
    Random random = new Random(20);
    List<ListenableFuture<AskResponse>> calls = new ArrayList<>();

    for (int i = 0; i < 1_000; i++) {
      calls.add(callAtRandom(client, random, i));
      if (random.nextInt(3) == 0) {
        calls.get(random.nextInt(calls.size())).cancel(true);
      }
      if (i == 500) {
        Await.until("calls in flight", () -> fleet.server(1).service().hanging() > 0);
        fleet.server(1).kill();
      }
    }
    fleet.server(1).restart();
    Await.until(
        "all calls to end",
        () -> {
          fleet.release();
          return calls.stream().allMatch(ListenableFuture::isDone);
        });

    assertAllEnded(client);
    Set<Status.Code> seen = new HashSet<>();
    client.view().snapshot().backends().forEach(b -> seen.addAll(b.failed().keySet()));
    assertTrue(
        seen.containsAll(
            Set.of(Status.Code.CANCELLED, Status.Code.INTERNAL, Status.Code.UNAVAILABLE)),
        seen::toString);
    Await.until(() -> events.ended().size() == events.picked().size());
    Set<Object> picked = new HashSet<>(events.picked().stream().map(Picked::attempt).toList());
    Set<Object> ended = new HashSet<>(events.ended().stream().map(AttemptEnded::attempt).toList());
    assertEquals(picked, ended);
    assertEquals(events.picked().size(), picked.size());
  }

  private static ListenableFuture<AskResponse> callAtRandom(
      RpcClient<ProbeFutureStub> client, Random random, int number) {
    AskRequest.Builder request = AskRequest.newBuilder().setId("call-" + number);
    ProbeFutureStub stub =
        client.stub(
            switch (random.nextInt(3)) {
              case 0 -> Pick.leastLoaded();
              case 1 -> Pick.shard("key-" + number);
              default -> Pick.random();
            });
    return switch (random.nextInt(5)) {
      case 0 -> stub.ask(request.setHang(true).build());
      case 1 ->
          stub.withDeadlineAfter(Duration.ofMillis(1 + random.nextInt(20)))
              .ask(request.setHang(true).build());
      case 2 -> stub.ask(request.setStatus(Status.Code.INTERNAL.value()).build());
      case 3 -> stub.ask(request.setDelayMs(random.nextInt(10)).build());
      default -> stub.ask(request.build());
    };
  }

  @Test
  void backendThatIsListedAgainCountsFromZero() {
    fleet.list(fleet.server(0));
    RpcClient<ProbeBlockingStub> client = fleet.client();
    client.stub().ask(ASK);

    fleet.list(fleet.server(1));
    fleet.list(fleet.server(0), fleet.server(1));

    assertEquals(0, backend(client.view().snapshot(), fleet.server(0).address()).started());
  }

  @Test
  void changeOfWeightKeepsTheCounts() {
    fleet.list(fleet.server(0));
    RpcClient<ProbeBlockingStub> client = fleet.client();
    client.stub().ask(ASK);
    Endpoint endpoint = fleet.server(0).endpoint();

    fleet.discovery().list(endpoint.withWeight(7));

    BackendSnapshot backend = backend(client.view().snapshot(), endpoint.addressText());
    assertEquals(7, backend.endpoint().weight());
    assertEquals(1, backend.started());
  }

  /** Waits until nothing is in flight, and sees that the counts add up. */
  private static void assertAllEnded(RpcClient<?> client) {
    Await.until(
        () -> "nothing in flight: " + client.view().snapshot(),
        () -> client.view().snapshot().backends().stream().allMatch(b -> b.inFlight() == 0));
    for (BackendSnapshot backend : client.view().snapshot().backends()) {
      long failed = backend.failed().values().stream().mapToLong(n -> n).sum();
      assertEquals(backend.started(), backend.succeeded() + failed, backend::toString);
    }
  }
}
