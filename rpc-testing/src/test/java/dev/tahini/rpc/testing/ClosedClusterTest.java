package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.inprocess.InProcessSocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClosedClusterTest {

  @ParameterizedTest
  @EnumSource
  void closeCutsClientsAndCallsAndIsIdempotent(Reach reach) throws Exception {
    RpcTestCluster cluster = reach.start("a");
    RpcClient<Echo> client = cluster.client(Echo::new);
    CompletableFuture<String> call = client.stub().start("wait");
    cluster.awaitInFlight(1);

    cluster.close();
    cluster.close();

    assertEquals(Status.Code.UNAVAILABLE, Echo.outcome(call).getCode());
    assertEquals(Status.Code.UNAVAILABLE, client.stub().outcome("hi").getCode());
    assertEquals(List.of(), cluster.snapshots());
  }

  @ParameterizedTest
  @EnumSource
  void closedClusterCanBeReadAndNotUsed(Reach reach) throws Exception {
    RpcTestCluster cluster = reach.start("a");
    cluster.client(Echo::new).stub().echo("hi");
    TestBackend backend = cluster.backend("a");

    cluster.close();

    assertEquals(1, cluster.attempts().size());
    assertEquals(1, cluster.backend("a").attempts().size());
    assertFalse(backend.isUp());
    assertThrows(IllegalStateException.class, () -> cluster.client(Echo::new));
    assertThrows(IllegalStateException.class, () -> cluster.add("b"));
    assertThrows(IllegalStateException.class, () -> cluster.remove("a"));
    assertThrows(IllegalStateException.class, backend::hang);
    assertThrows(IllegalStateException.class, backend::restart);
  }

  @ParameterizedTest
  @EnumSource
  void noThreadIsLeft(Reach reach) throws Exception {
    String target = "no-thread-is-left-" + reach;
    RpcTestCluster cluster =
        reach.builder().services(name -> new EchoService()).backends("a").target(target).start();
    cluster.backend("a").delayInRealTime(Duration.ofMillis(1));
    cluster.client(Echo::new).stub().echo("hi");
    List<String> expected =
        reach == Reach.LOOPBACK ? List.of("a", "delays", "relay") : List.of("a", "delays");
    for (String purpose : expected) {
      assertTrue(
          threads(target).stream().anyMatch(name -> name.contains("-" + purpose + "-")), purpose);
    }

    cluster.close();

    awaitNoThread(target);
  }

  /** A thread ends a moment after its executor. */
  private static void awaitNoThread(String target) {
    new Changes().await(() -> "the end of " + threads(target), () -> threads(target).isEmpty());
  }

  private static List<String> threads(String target) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(DaemonThreads.PREFIX) && name.endsWith(" of " + target))
        .toList();
  }

  @Test
  void namesInProcessAreFreeAgain() throws Exception {
    RpcTestCluster.builder()
        .services(name -> new EchoService())
        .backends("a")
        .target("free-again")
        .start()
        .close();

    assertFree("free-again");
    assertFree("a@free-again");
  }

  private static void assertFree(String inProcess) throws IOException {
    InProcessServerBuilder.forName(inProcess).build().start().shutdownNow();
  }

  @ParameterizedTest
  @EnumSource
  void interruptedCloseLeavesNoThread(Reach reach) throws Exception {
    String target = "interrupted-close-" + reach;
    CountDownLatch never = new CountDownLatch(1);
    RpcTestCluster cluster =
        reach
            .builder()
            .services(name -> blocking(never, true))
            .backends("a", "b")
            .target(target)
            .start();
    for (TestBackend backend : cluster.backends()) {
      var unused = cluster.client(Echo::new).stub(Pick.address(backend.address())).start("hi");
    }
    cluster.awaitInFlight(2);

    Thread.currentThread().interrupt();
    try {
      cluster.close();
    } catch (IllegalStateException interrupted) {
      // may say so
    }

    assertTrue(Thread.interrupted());
    awaitNoThread(target);
  }

  @ParameterizedTest
  @EnumSource
  void forgottenClusterKeepsNoJvmAlive(Reach reach) throws Exception {
    RpcTestCluster cluster = reach.start("a"); // closed at last, but as if it were not
    cluster.backend("a").delayInRealTime(Duration.ofMillis(1));
    cluster.client(Echo::new).stub().echo("hi");

    List<String> keepAlive =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !thread.isDaemon())
            .map(Thread::getName)
            .filter(name -> name.contains("cluster") || name.contains("grpc"))
            .toList();

    cluster.close();
    assertEquals(List.of(), keepAlive);
  }

  @ParameterizedTest
  @EnumSource
  void serviceThatBlocksIsInterrupted(Reach reach) {
    CountDownLatch never = new CountDownLatch(1);
    RpcTestCluster cluster = reach.start(name -> blocking(never, true), "a");
    var unused = cluster.client(Echo::new).stub().start("hi");
    cluster.awaitInFlight(1);

    cluster.close();

    assertFalse(cluster.backend("a").isUp());
  }

  @Test
  void serviceThatDoesNotHeedInterruptsIsAnErrorThatNamesTheBackend() {
    CountDownLatch end = new CountDownLatch(1);
    RpcTestCluster cluster =
        Reach.IN_PROCESS.start(
            name -> name.equals("b") ? blocking(end, false) : new EchoService(), "a", "b");
    cluster.discovery().set(cluster.backend("b").endpoint());
    var unused = cluster.client(Echo::new).stub().start("hi");
    cluster.awaitInFlight(1);

    IllegalStateException e = assertThrows(IllegalStateException.class, cluster::close);

    end.countDown();
    assertEquals(
        "test cluster: backend b: has not stopped after 3 s, its service blocks (expected: one"
            + " that ends when its thread is interrupted)",
        e.getMessage());
  }

  private static BindableService blocking(CountDownLatch end, boolean heedsInterrupts) {
    ServerInterceptor blocks =
        new ServerInterceptor() {
          @Override
          public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
              ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
            while (end.getCount() > 0) {
              try {
                end.await();
              } catch (InterruptedException e) {
                if (heedsInterrupts) {
                  break;
                }
              }
            }
            return next.startCall(call, headers);
          }
        };
    return () -> ServerInterceptors.intercept(new EchoService(), blocks);
  }

  @Test
  void clusterThatCannotStartLeavesNoThreadAndNoPort() {
    AtomicReference<InetSocketAddress> first = new AtomicReference<>();
    RpcTestCluster.Builder builder =
        cannotStart(Reach.LOOPBACK, "cannot-start-1", InetSocketAddress.class, first);

    assertThrows(InvalidValueException.class, builder::start);

    awaitNoThread("cannot-start-1");
    InetSocketAddress port = Objects.requireNonNull(first.get());
    assertThrows(
        ConnectException.class, () -> new Socket(port.getAddress(), port.getPort()).close());
  }

  @Test
  void clusterThatCannotStartLeavesNoName() throws Exception {
    AtomicReference<InProcessSocketAddress> first = new AtomicReference<>();
    RpcTestCluster.Builder builder =
        cannotStart(Reach.IN_PROCESS, "cannot-start-0", InProcessSocketAddress.class, first);

    assertThrows(InvalidValueException.class, builder::start);

    assertFree("cannot-start-0");
    assertFree(Objects.requireNonNull(first.get()).getName());
  }

  /** A cluster whose first backend starts, and the second does not. */
  private static <A extends SocketAddress> RpcTestCluster.Builder cannotStart(
      Reach reach, String target, Class<A> kind, AtomicReference<A> first) {
    return reach
        .builder()
        .services(name -> new EchoService())
        .backends("a", "b")
        .target(target)
        .endpoint(
            "a",
            endpoint -> {
              first.set(kind.cast(endpoint.address()));
              return endpoint;
            })
        .endpoint("b", endpoint -> Endpoint.of(new InProcessSocketAddress("elsewhere")));
  }
}
