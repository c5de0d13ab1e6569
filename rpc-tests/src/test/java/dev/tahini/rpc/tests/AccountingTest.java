package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static dev.tahini.rpc.tests.Probes.outcome;
import static dev.tahini.rpc.tests.Probes.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents.AttemptEnded;
import dev.tahini.rpc.CallEvents.Picked;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
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
  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);
  @AutoClose private final Opened opened = new Opened();
  private final TestBackend s0 = cluster.backend("s0");
  private final TestBackend s1 = cluster.backend("s1");

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
    s0.holdConnections();
    list(cluster, "s0");
    RpcClient<ProbeFutureStub> client =
        opened.add(
            cluster
                .clientBuilder(ProbeGrpc::newFutureStub)
                .picker(cancels)
                .feature(events)
                .build());
    ListenableFuture<AskResponse> cancelled =
        cancels.call.call(() -> client.stub(Pick.with("cancels", null)).ask(HANG));
    Await.until("the call to wait", () -> cancels.picks.get() > 0);

    s0.heal();

    assertEquals(Status.Code.CANCELLED, outcome(cancelled).getCode());
    assertEquals("s0", Probes.answer(client.stub().ask(ASK)).getServer());
    assertAllEnded(client);
    Await.until(() -> events.ended().size() == events.picked().size());
  }

  @Test
  void callsThatAreCancelledWhileTheyWaitForAConnectionAreNotCounted() {
    s0.holdConnections();
    list(cluster, "s0");
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    List<ListenableFuture<AskResponse>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiting.add(client.stub().ask(ASK));
    }

    waiting.forEach(call -> call.cancel(true));

    BackendSnapshot backend = snapshot(client, s0);
    assertEquals(0, backend.inFlight());
    assertEquals(0, backend.started());
  }

  @Test
  void eachCodeIsCountedForItself() {
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    Set<Status.Code> errors = EnumSet.complementOf(EnumSet.of(Status.Code.OK));

    for (Status.Code code : errors) {
      s0.failNext(1, Failure.of(code.toStatus().withDescription("as asked")));
      Status status = Probes.failure(() -> client.stub().ask(ASK));
      Expect.status(code, "as asked", status);
    }
    client.stub().ask(ASK);

    Await.until(() -> snapshot(client, s0).inFlight() == 0);
    BackendSnapshot backend = snapshot(client, s0);
    assertEquals(errors, backend.failed().keySet());
    assertTrue(backend.failed().values().stream().allMatch(count -> count == 1));
    assertEquals(1, backend.succeeded());
  }

  @Test
  void cancelledAttemptIsCountedAsCancelled() {
    list(cluster, "s0");
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> cancelled = client.stub().ask(HANG);
    cluster.awaitInFlight(1);

    cancelled.cancel(true);

    assertAllEnded(client);
    assertEquals(Map.of(Status.Code.CANCELLED, 1L), snapshot(client, s0).failed());
  }

  @Test
  void attemptWhoseDeadlineHasPassedIsCountedAsSuch() {
    list(cluster, "s0");
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    cluster.awaitReady(client);
    ListenableFuture<AskResponse> late =
        client.stub().withDeadlineAfter(Duration.ofMillis(200)).ask(HANG);

    assertEquals(Status.Code.DEADLINE_EXCEEDED, outcome(late).getCode());

    assertAllEnded(client);
    assertEquals(Map.of(Status.Code.DEADLINE_EXCEEDED, 1L), snapshot(client, s0).failed());
  }

  @Test
  void lastErrorAndLatencyAreThoseOfTheAttempts() {
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

    s0.failNext(1, Failure.of(Status.DATA_LOSS.withDescription("disk")));
    Probes.failure(() -> client.stub().ask(ASK));

    Await.until(() -> snapshot(client, s0).lastError() != null);
    BackendSnapshot backend = snapshot(client, s0);
    Status lastError = backend.lastError();
    assertNotNull(lastError);
    Expect.status(Status.Code.DATA_LOSS, "disk", lastError);
    assertFalse(backend.latency().isZero());
  }

  @Test
  void nothingStaysInFlightAfterCancelsDeadlinesFailuresAndAKill() {
    RecordedEvents events = new RecordedEvents();
    RpcClient<ProbeFutureStub> client =
        opened.add(cluster.clientBuilder(ProbeGrpc::newFutureStub).feature(events).build());
    cluster.awaitReady(client);
    Random random = new Random(20);
    List<ListenableFuture<AskResponse>> calls = new ArrayList<>();

    for (int i = 0; i < 1_000; i++) {
      troubleAtRandom(random);
      calls.add(callAtRandom(client, random, i));
      if (random.nextInt(3) == 0) {
        calls.get(random.nextInt(calls.size())).cancel(true);
      }
      if (i == 500) {
        s1.hang();
        calls.add(client.stub(to(s1)).ask(ASK));
        Await.until("calls in flight", () -> s1.hanging() > 0);
        s1.kill();
      }
    }
    s1.restart();
    cluster.backends().forEach(TestBackend::heal);
    Await.until("all calls to end", () -> calls.stream().allMatch(ListenableFuture::isDone));

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

  /** What becomes of the calls that arrive at a backend from now. */
  private void troubleAtRandom(Random random) {
    TestBackend backend = cluster.backend("s" + random.nextInt(3));
    switch (random.nextInt(10)) {
      case 0, 1 -> backend.hang();
      case 2, 3 -> backend.release();
      case 4 -> backend.delay(Duration.ofMillis(random.nextInt(10)));
      default -> {}
    }
  }

  private static ListenableFuture<AskResponse> callAtRandom(
      RpcClient<ProbeFutureStub> client, Random random, int number) {
    ProbeFutureStub stub =
        client.stub(
            switch (random.nextInt(3)) {
              case 0 -> Pick.leastLoaded();
              case 1 -> Pick.shard("key-" + number);
              default -> Pick.random();
            });
    return switch (random.nextInt(5)) {
      case 0 -> stub.withDeadlineAfter(Duration.ofMillis(1 + random.nextInt(20))).ask(HANG);
      case 1 -> stub.ask(Probes.fail(Status.Code.INTERNAL));
      default -> stub.ask(ASK);
    };
  }

  @Test
  void backendThatIsListedAgainCountsFromZero() {
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    client.stub().ask(ASK);

    list(cluster, "s1");
    list(cluster, "s0", "s1");

    assertEquals(0, snapshot(client, s0).started());
  }

  @Test
  void changeOfWeightKeepsTheCounts() {
    list(cluster, "s0");
    RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);
    client.stub().ask(ASK);

    cluster.discovery().set(s0.endpoint().withWeight(7));

    BackendSnapshot backend = snapshot(client, s0);
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
