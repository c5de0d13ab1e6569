package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.HANG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Figure;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.retry.RetryFeature;
import dev.tahini.rpc.testing.Failure;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Whole calls are told of as the application makes them. */
final class CallEventsTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);

  private final Heard heard = new Heard();

  /** Keeps what it hears. */
  private static final class Heard implements ClientFeature, CallEvents {
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();

    @Override
    public Optional<CallEvents> events(ClientView client) {
      return Optional.of(this);
    }

    @Override
    public void onCallStart(CallStarted event) {
      calls.add("start " + event.method().getBareMethodName());
    }

    @Override
    public void onCallEnd(CallEnded event) {
      calls.add(event.status().getCode().name());
    }

    private List<String> calls() {
      return List.copyOf(calls);
    }
  }

  private RpcClient<ProbeBlockingStub> client(ClientFeature... features) {
    RpcClient.Builder<ProbeBlockingStub> builder =
        cluster.clientBuilder(ProbeGrpc::newBlockingStub);
    for (ClientFeature feature : features) {
      builder.feature(feature);
    }
    return builder.build();
  }

  @Test
  void callIsToldOfAtItsStartAndAtItsEnd() {
    try (RpcClient<ProbeBlockingStub> client = client(heard)) {
      assertTrue(client.stub().ask(ASK).isInitialized());
      assertEquals(List.of("start Ask", "OK"), heard.calls());
    }
  }

  @Test
  void callThatFindsNoBackendIsToldOf() {
    cluster.discovery().empty();
    try (RpcClient<ProbeBlockingStub> client = client(heard)) {
      assertEquals(Status.Code.UNAVAILABLE, Probes.failure(() -> client.stub().ask(ASK)).getCode());
      assertEquals(List.of("start Ask", "UNAVAILABLE"), heard.calls());
    }
  }

  @Test
  void attemptsOfARetryAreOneCallWhicheverFeatureIsFirst() {
    cluster.backends().forEach(backend -> backend.failNext(1, Failure.of(Status.UNAVAILABLE)));
    try (RpcClient<ProbeBlockingStub> client = client(new RetryFeature(), heard)) {
      assertTrue(client.stub().ask(ASK).isInitialized());
      assertTrue(cluster.attempts().size() > 1, () -> "attempts: " + cluster.attempts());
      assertEquals(List.of("start Ask", "OK"), heard.calls());
    }
  }

  @Test
  void cancelledCallEndsOnce() {
    try (RpcClient<ProbeFutureStub> client =
        cluster.clientBuilder(ProbeGrpc::newFutureStub).feature(heard).build()) {
      ListenableFuture<AskResponse> call = client.stub().ask(HANG);
      assertTrue(call.cancel(true));
      Await.until(() -> heard.calls().size() == 2);
      assertEquals(List.of("start Ask", "CANCELLED"), heard.calls());
    }
  }

  @Test
  void callThatCannotBeStartedEnds() {
    ClientFeature broken =
        new ClientFeature() {
          @Override
          public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
            return List.of(new BrokenStart());
          }
        };
    try (RpcClient<ProbeBlockingStub> client = client(heard, broken)) {
      assertThrows(IllegalStateException.class, () -> client.stub().ask(ASK));
      assertEquals(List.of("start Ask", "UNKNOWN"), heard.calls());
    }
  }

  private static final class BrokenStart implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          throw new IllegalStateException("broken");
        }
      };
    }
  }

  @Test
  void figuresOfAFeatureAreInTheSnapshotAndOneThatFailsIsLeftOut() {
    ClientFeature broken =
        new ClientFeature() {
          @Override
          public List<Figure> figures(ClientView client) {
            throw new IllegalStateException("broken");
          }
        };
    try (RpcClient<ProbeBlockingStub> client = client(broken, new RetryFeature())) {
      List<Figure> figures = client.view().snapshot().figures();
      assertEquals(
          List.of("retry_budget_balance", "retry_budget_refused_total"),
          figures.stream().map(Figure::name).toList());
      assertEquals(100, figures.get(0).value());
    }
  }
}
