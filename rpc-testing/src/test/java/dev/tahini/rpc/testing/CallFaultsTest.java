package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallFaultsTest {
  private static final Failure BUSY = Failure.of(Status.UNAVAILABLE.withDescription("busy"));

  @ParameterizedTest
  @EnumSource
  void hangingCallIsNotAnsweredUntilReleased(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      TestBackend backend = cluster.backend("a");
      RpcClient<Echo> client = cluster.client(Echo::new);
      backend.hang();

      CompletableFuture<String> one = client.stub().start("one");
      CompletableFuture<String> two = client.stub().start("two");
      backend.awaitHanging(2);
      cluster.awaitHanging(2);
      assertFalse(one.isDone());
      assertEquals(2, backend.inFlight());
      backend.release();

      assertEquals("one", one.get(10, TimeUnit.SECONDS));
      assertEquals("two", two.get(10, TimeUnit.SECONDS));
      assertEquals("three", client.stub().echo("three"));
      assertEquals(0, backend.hanging());
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelledCallHangsNoMoreAndIsNeverServed(Reach reach) throws Exception {
    EchoService service = new EchoService();
    try (RpcTestCluster cluster = reach.start(name -> service, "a")) {
      TestBackend backend = cluster.backend("a");
      backend.hang();
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("wait");
      backend.awaitHanging(1);

      call.cancel(false);
      backend.awaitIdle();
      backend.awaitIdle();
      backend.release();

      assertEquals(List.of(Status.Code.CANCELLED), codes(cluster));
      assertEquals("hi", cluster.client(Echo::new).stub().echo("hi"));
      assertFalse(service.waits.isDone());
    }
  }

  private static List<Status.Code> codes(RpcTestCluster cluster) {
    return cluster.attempts().stream()
        .map(attempt -> Objects.requireNonNull(attempt.status()).getCode())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void hangingCallKeepsItsDeadline(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      cluster.backend("a").hang();

      CompletableFuture<String> call =
          cluster
              .client(Echo::new)
              .stub()
              .start(
                  "hi",
                  CallOptions.DEFAULT.withDeadlineAfter(50, TimeUnit.MILLISECONDS),
                  new Metadata());

      assertEquals(Status.Code.DEADLINE_EXCEEDED, Echo.outcome(call).getCode());
      cluster.backend("a").awaitIdle();
    }
  }

  @ParameterizedTest
  @EnumSource
  void heldCallRunsInItsContext(Reach reach) throws Exception {
    Context.Key<String> key = Context.key("of-the-call");
    List<String> seen = new ArrayList<>();
    ServerInterceptor reads =
        new ServerInterceptor() {
          @Override
          public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
              ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
            seen.add(String.valueOf(Context.current().getDeadline() != null) + key.get());
            return next.startCall(call, headers);
          }
        };
    try (RpcTestCluster cluster =
        reach.start(name -> () -> ServerInterceptors.intercept(new EchoService(), reads), "a")) {
      cluster.backend("a").hang();
      CompletableFuture<String> call =
          cluster
              .client(Echo::new)
              .stub()
              .start(
                  "hi", CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MINUTES), new Metadata());
      cluster.backend("a").awaitHanging(1);

      Context.current().withValue(key, "of-the-test").run(cluster.backend("a")::release);

      assertEquals("hi", call.get(10, TimeUnit.SECONDS));
      assertEquals(List.of("truenull"), seen);
    }
  }

  @ParameterizedTest
  @EnumSource
  void callIsDelayedInRealTime(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.awaitReady(client);
      cluster.backend("a").delayInRealTime(Duration.ofMillis(50));

      long start = System.nanoTime();
      assertEquals("hi", client.stub().echo("hi"));

      assertTrue(System.nanoTime() - start >= Duration.ofMillis(50).toNanos());
    }
  }

  @ParameterizedTest
  @EnumSource
  void callIsDelayedByTheClustersTime(Reach reach) throws Exception {
    FakeTime time = new FakeTime();
    try (RpcTestCluster cluster =
        reach.builder().services(name -> new EchoService()).backends("a").time(time).start()) {
      TestBackend backend = cluster.backend("a");
      backend.delay(Duration.ofMinutes(1));
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("hi");
      backend.awaitDelayed(1);

      time.advance(Duration.ofSeconds(59));
      assertEquals(1, backend.inFlight());
      assertFalse(call.isDone());
      time.advance(Duration.ofSeconds(1));

      assertEquals("hi", call.get(10, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void delayOfACallInFlightRuns(Reach reach) throws Exception {
    FakeTime time = new FakeTime();
    try (RpcTestCluster cluster =
        reach.builder().services(name -> new EchoService()).backends("a").time(time).start()) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.backend("a").delay(Duration.ofMinutes(1));
      for (int i = 0; i < 100; i++) {
        CompletableFuture<String> ofBackend = client.stub().start("hi");
        cluster.backend("a").awaitInFlight(1);
        time.advance(Duration.ofMinutes(1));
        assertEquals("hi", ofBackend.get(10, TimeUnit.SECONDS));

        CompletableFuture<String> ofCluster = client.stub().start("hi");
        cluster.awaitInFlight(1);
        time.advance(Duration.ofMinutes(1));
        assertEquals("hi", ofCluster.get(10, TimeUnit.SECONDS));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelledCallLeavesNoDelay(Reach reach) {
    FakeTime time = new FakeTime();
    try (RpcTestCluster cluster =
        reach.builder().services(name -> new EchoService()).backends("a").time(time).start()) {
      TestBackend backend = cluster.backend("a");
      backend.delay(Duration.ofMinutes(1));
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("hi");
      backend.awaitDelayed(1);
      assertTrue(time.scheduler().pending().contains(Duration.ofMinutes(1)));

      call.cancel(false);
      backend.awaitIdle();

      assertFalse(time.scheduler().pending().contains(Duration.ofMinutes(1)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void nextCallsFail(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.backend("a").failNext(2, BUSY);
      cluster.backend("a").failNext(1, Failure.of(Status.DATA_LOSS));

      List<Status.Code> outcomes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        outcomes.add(client.stub().outcome("hi").getCode());
      }

      assertEquals(
          List.of(
              Status.Code.UNAVAILABLE,
              Status.Code.UNAVAILABLE,
              Status.Code.DATA_LOSS,
              Status.Code.OK),
          outcomes);
      assertEquals(outcomes, codes(cluster));
    }
  }

  @ParameterizedTest
  @EnumSource
  void failureReachesTheClientWithItsTrailers(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      cluster.backend("a").failNext(1, BUSY.withPushback(Duration.ofMillis(7)));
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("hi");

      Status status = Echo.outcome(call);

      assertEquals("busy", status.getDescription());
      Metadata trailers = trailers(call);
      assertEquals("7", trailers.get(FailureTest.PUSHBACK));
    }
  }

  private static Metadata trailers(CompletableFuture<String> failed) {
    Throwable cause = failed.handle((ok, e) -> e).join();
    return Objects.requireNonNull(Status.trailersFromThrowable(cause));
  }

  @ParameterizedTest
  @EnumSource
  void seedDrawsTheSameCallsAgain(Reach reach) throws Exception {
    List<Status.Code> first = hundredCalls(reach, 42);
    List<Status.Code> second = hundredCalls(reach, 42);
    List<Status.Code> other = hundredCalls(reach, 43);

    assertEquals(first, second);
    assertFalse(first.equals(other));
    long failed = first.stream().filter(Status.Code.UNAVAILABLE::equals).count();
    assertTrue(failed > 10 && failed < 50, () -> failed + " of 100");
  }

  private static List<Status.Code> hundredCalls(Reach reach, long seed) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      RpcClient<Echo> client = cluster.client(Echo::new);
      cluster.backend("a").fail(0.3, seed, BUSY);
      List<Status.Code> outcomes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        outcomes.add(client.stub().outcome("hi").getCode());
      }
      return outcomes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void hangingCallFailsWhenReleased(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      TestBackend backend = cluster.backend("a");
      backend.failNext(1, BUSY);
      backend.hang();
      CompletableFuture<String> call = cluster.client(Echo::new).stub().start("hi");
      backend.awaitHanging(1);
      assertFalse(call.isDone());

      backend.release();

      assertEquals(Status.Code.UNAVAILABLE, Echo.outcome(call).getCode());
    }
  }

  @ParameterizedTest
  @EnumSource
  void healEndsEveryFault(Reach reach) throws Exception {
    FakeTime time = new FakeTime();
    try (RpcTestCluster cluster =
        reach.builder().services(name -> new EchoService()).backends("a").time(time).start()) {
      TestBackend backend = cluster.backend("a");
      RpcClient<Echo> client = cluster.client(Echo::new);
      backend.delay(Duration.ofMinutes(1));
      CompletableFuture<String> delayed = client.stub().start("delayed");
      backend.awaitDelayed(1);
      backend.hang();
      CompletableFuture<String> hanging = client.stub().start("hanging");
      backend.awaitHanging(1);
      backend.failNext(100, BUSY);
      backend.fail(1, 0, BUSY);

      backend.heal();

      assertEquals("delayed", delayed.get(10, TimeUnit.SECONDS));
      assertEquals("hanging", hanging.get(10, TimeUnit.SECONDS));
      assertEquals("hi", client.stub().echo("hi"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void faultsLastOverARestart(Reach reach) throws Exception {
    try (RpcTestCluster cluster = reach.start("a")) {
      TestBackend backend = cluster.backend("a");
      backend.fail(1, 0, BUSY);

      backend.kill();
      backend.restart();

      assertEquals("busy", cluster.client(Echo::new).stub().outcome("hi").getDescription());
    }
  }

  @ParameterizedTest
  @EnumSource
  void serviceThatThrowsIsRecordedAsUnknownWhetherItsCallWasHeldOrNot(Reach reach)
      throws Exception {
    try (RpcTestCluster cluster =
        reach.start(
            name -> () -> ServerInterceptors.intercept(new EchoService(), new Throws()), "a")) {
      TestBackend backend = cluster.backend("a");
      RpcClient<Echo> client = cluster.client(Echo::new);

      Status direct = client.stub().outcome("hi");
      backend.hang();
      CompletableFuture<String> held = client.stub().start("hi");
      backend.awaitHanging(1);
      backend.release();

      assertEquals(Status.Code.UNKNOWN, direct.getCode());
      assertEquals(Status.Code.UNKNOWN, Echo.outcome(held).getCode());
      assertEquals(List.of(Status.Code.UNKNOWN, Status.Code.UNKNOWN), codes(cluster));
      assertEquals(0, backend.inFlight());
    }
  }

  private static final class Throws implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      throw new IllegalStateException("a bug of the service's");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void ratioOutOfBoundsIsAnError(double ratio) {
    try (RpcTestCluster cluster = Reach.IN_PROCESS.start("a")) {
      assertThrows(InvalidValueException.class, () -> cluster.backend("a").fail(ratio, 0, BUSY));
    }
  }

  @ParameterizedTest
  @EnumSource
  void badCountOrDelayIsAnError(Reach reach) {
    try (RpcTestCluster cluster = reach.start("a")) {
      TestBackend backend = cluster.backend("a");

      assertThrows(InvalidValueException.class, () -> backend.failNext(0, BUSY));
      assertThrows(InvalidValueException.class, () -> backend.delay(Duration.ofNanos(-1)));
      assertThrows(
          InvalidValueException.class, () -> backend.delayInRealTime(Duration.ofNanos(-1)));
    }
  }
}
