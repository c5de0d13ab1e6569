package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.core.RpcClient;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
    RpcTestCluster cluster = reach.start("closing");
    TestBackend backend = cluster.backend("closing");
    backend.delayInRealTime(Duration.ofMillis(1));
    cluster.client(Echo::new).stub().echo("hi");
    assertTrue(threads().stream().anyMatch(name -> name.contains("closing")));

    cluster.close();

    new Changes() // a thread has ended a moment after its executor
        .await(
            () -> "the end of " + threads(),
            () -> threads().stream().noneMatch(name -> name.contains("closing")));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(DaemonThreads.PREFIX))
        .toList();
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
  void clusterThatCannotStartLeavesNothingBehind() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      RpcTestCluster.Builder builder =
          RpcTestCluster.builder()
              .loopback()
              .services(name -> new EchoService())
              .backends("left-behind", "b")
              .port("b", taken.getLocalPort());

      assertThrows(IllegalArgumentException.class, builder::start);
    }
    assertEquals(
        List.of(), threads().stream().filter(name -> name.contains("left-behind")).toList());
  }
}
