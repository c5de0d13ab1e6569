package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.awaitState;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Fleet.load;
import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.CallEvents.EndpointsChanged;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the calls and connections of a backend that leaves the list. */
final class RemovedBackendsTest {
  private static final int SERVERS = 4;
  private static final int IN_FLIGHT = 50;

  @AutoClose private final RpcTestCluster cluster = Fleet.of(SERVERS);
  @AutoClose private final Opened opened = new Opened();
  private final TestBackend s0 = cluster.backend("s0");
  private final TestBackend s1 = cluster.backend("s1");

  @Test
  void vanishedBackendsConnectionsAreClosed() {
    ClosedLoop loop =
        opened.add(load(cluster, cluster.client(channel -> channel), IN_FLIGHT, LoadPicks.RANDOM));
    for (int flap = 0; flap < 10; flap++) {
      list(cluster, "s0", "s1");
      loop.awaitMore(IN_FLIGHT);
      list(cluster, "s2", "s3");
      loop.awaitMore(IN_FLIGHT);
    }
    list(cluster, "s2");

    for (TestBackend backend : cluster.backends()) {
      backend.awaitConnections(backend.name().equals("s2") ? 1 : 0);
    }
    loop.stopWithoutFailure();
  }

  @Test
  void removedBackendsCallsInFlightFinish() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> call = hangOnFirst(client);

    list(cluster, "s1");
    cluster.awaitApplied();
    s0.release();

    assertEquals("s0", answer(call).getServer());
  }

  @Test
  @Tag("full") // gRPC lets go of a subchannel 5 s after it was shut down
  void removedBackendsCallsInFlightFinishLongAfterItsSubchannelIsGone() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    ListenableFuture<AskResponse> call = hangOnFirst(client);
    list(cluster, "s1");
    cluster.awaitApplied();

    long start = System.nanoTime();
    Await.until(() -> System.nanoTime() - start > Duration.ofSeconds(7).toNanos());
    assertFalse(call.isDone());
    assertEquals(1, s0.connections());
    s0.release();

    assertEquals("s0", answer(call).getServer());
    s0.awaitConnections(0);
  }

  @Test
  void backendThatComesBackAtOnceServesAgain() {
    RpcClient<ProbeFutureStub> client = cluster.client(ProbeGrpc::newFutureStub);
    cluster.awaitReady(client);

    list(cluster, "s1");
    list(cluster, "s0", "s1");

    assertEquals("s0", answer(client.stub(to(s0)).withWaitForReady().ask(ASK)).getServer());
  }

  @ParameterizedTest
  @EnumSource
  void waitingCallIsNotFailedByAConnectionThatChangesWhileItsBackendLeaves(LoadPicks picks) {
    s1.holdConnections();
    list(cluster, "s1");
    HoldsTheSecondList events = new HoldsTheSecondList();
    KeptChannelFactory channels = new KeptChannelFactory();
    RpcClient<ProbeFutureStub> client =
        opened.add(
            cluster
                .clientBuilder(ProbeGrpc::newFutureStub)
                .channelFactory(channels)
                .feature(events)
                .build());
    awaitState(client, s1, ConnectivityState.CONNECTING);
    ListenableFuture<AskResponse> waiting = client.stub(picks.apply(0)).ask(ASK);

    CompletableFuture<Void> listing = CompletableFuture.runAsync(() -> list(cluster, "s0"));
    try {
      HoldsTheSecondList.await(events.held);
      s1.heal();
      HoldsTheSecondList.await(events.ready);
      channels.awaitQueuedWork();
      assertFalse(waiting.isDone(), () -> Probes.outcome(waiting).toString());
    } finally {
      events.goOn.countDown();
    }

    assertEquals("s0", answer(waiting).getServer());
    listing.join();
  }

  /** Stops the taking in of a list between the backends, who know it, and the balancer. */
  private static final class HoldsTheSecondList implements CallEvents, ClientFeature {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);

    @Override
    public Optional<CallEvents> events(ClientView client) {
      return Optional.of(this);
    }

    @Override
    public void onEndpoints(EndpointsChanged event) {
      if (!event.removed().isEmpty()) {
        held.countDown();
        await(goOn);
      }
    }

    @Override
    public void onBackendState(BackendStateChanged event) {
      if (event.to() == ConnectivityState.READY) {
        ready.countDown();
      }
    }

    static void await(CountDownLatch latch) {
      try {
        assertTrue(latch.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private ListenableFuture<AskResponse> hangOnFirst(RpcClient<ProbeFutureStub> client) {
    s0.hang();
    ListenableFuture<AskResponse> call = client.stub(to(s0)).ask(ASK);
    s0.awaitHanging(1);
    return call;
  }
}
