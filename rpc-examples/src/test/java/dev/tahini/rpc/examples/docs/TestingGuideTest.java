package dev.tahini.rpc.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.util.Modules;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcBinder;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc.GreeterBlockingStub;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc.GreeterFutureStub;
import dev.tahini.rpc.examples.greeter.v1.HelloReply;
import dev.tahini.rpc.examples.greeter.v1.HelloRequest;
import dev.tahini.rpc.testing.FakeTime;
import dev.tahini.rpc.testing.KeyOwners;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.RpcTestClusterModule;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.testing.junit.RpcClusterExtension;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every snippet of docs/testing.md stands here word for word, and runs. */
@SuppressWarnings("try") // a snippet closes what it does not name otherwise
class TestingGuideTest {
  private final HelloRequest world = HelloRequest.newBuilder().setName("world").build();

  static final class FakeGreeter extends GreeterGrpc.GreeterImplBase {
    private final String name;

    FakeGreeter(String name) {
      this.name = name;
    }

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      String message = "Hello " + request.getName() + " from " + name;
      replies.onNext(HelloReply.newBuilder().setMessage(message).build());
      replies.onCompleted();
    }
  }

  private static final class YourModule extends AbstractModule {
    @Override
    protected void configure() {
      install(StaticDiscoveryModule.names(Map.of("greeter.prod:grpc", "192.0.2.1:443")));
      RpcBinder.rpcBinder(binder())
          .bindClient(GreeterBlockingStub.class, GreeterGrpc::newBlockingStub)
          .to("greeter.prod:grpc");
    }
  }

  @RegisterExtension
  final RpcClusterExtension extension =
      RpcClusterExtension.inProcess(FakeGreeter::new, "a", "b", "c");

  @Test
  void callsAreSpread(RpcTestCluster cluster, RpcClient<GreeterBlockingStub> client) {
    cluster.awaitReady(client);
    for (int i = 0; i < 3_000; i++) {
      client.stub(Pick.random()).sayHello(world);
    }

    cluster.calls().assertShare("a", 1.0 / 3, 0.05);
  }

  @Test
  void oneServerGreets() {
    try (RpcTestServer server = RpcTestServer.inProcess(new FakeGreeter("a"))) {
      GreeterBlockingStub greeter = GreeterGrpc.newBlockingStub(server.channel());

      assertEquals("Hello world from a", greeter.sayHello(world).getMessage());
    }
  }

  @Test
  void keysStay(RpcTestCluster cluster, RpcClient<GreeterBlockingStub> client) {
    cluster.awaitReady(client);
    for (int i = 0; i < 100; i++) {
      client.stub(Pick.shard("user-" + i % 10)).sayHello(world);
    }

    cluster.calls().assertKeysSticky();
  }

  @Test
  void newBackendTakesNoMoreThanItsShareOfTheKeys(
      RpcTestCluster cluster, RpcClient<GreeterBlockingStub> client) {
    List<String> keys = IntStream.range(0, 1_000).mapToObj(i -> "user-" + i).toList();
    cluster.awaitReady(client);
    KeyOwners before = cluster.owners(client, keys);

    cluster.add("d");
    cluster.awaitApplied();

    before.assertMovedAtMost(cluster.owners(client, keys), 0.35);
  }

  @Test
  void noCallFailsWhenABackendDiesUnderLoad() throws Exception {
    Map<String, ?> retryPolicy =
        Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.01s",
            "maxBackoff",
            "0.1s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    Map<String, ?> everyMethod = Map.of("name", List.of(Map.of()), "retryPolicy", retryPolicy);

    try (RpcTestCluster cluster = RpcTestCluster.loopback(FakeGreeter::new, "a", "b", "c");
        RpcClient<GreeterFutureStub> client =
            cluster
                .clientBuilder(GreeterGrpc::newFutureStub)
                .channel(c -> c.defaultServiceConfig(Map.of("methodConfig", List.of(everyMethod))))
                .build()) {
      cluster.awaitReady(client);
      TestBackend dying = cluster.backend("b");
      dying.hang();
      List<ListenableFuture<HelloReply>> calls = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        calls.add(client.stub().sayHello(world));
      }
      dying.awaitHanging(1);

      dying.kill();
      for (int i = 0; i < 300; i++) {
        calls.add(client.stub().sayHello(world));
      }

      for (ListenableFuture<HelloReply> call : calls) {
        assertTrue(call.get().getMessage().startsWith("Hello world from"));
      }
    }
  }

  @Test
  void callGivesUpAtItsDeadline() throws Exception {
    FakeTime time = new FakeTime();
    try (RpcTestCluster cluster =
        RpcTestCluster.builder()
            .inProcess()
            .services(FakeGreeter::new)
            .backends("a")
            .time(time)
            .start()) {
      RpcClient<GreeterFutureStub> client = cluster.client(GreeterGrpc::newFutureStub);
      cluster.backend("a").hang();
      ListenableFuture<HelloReply> call =
          client.stub().withDeadline(time.deadlineAfter(Duration.ofMinutes(1))).sayHello(world);
      cluster.backend("a").awaitHanging(1);

      time.advance(Duration.ofMinutes(1)); // runs what is due, on this thread

      ExecutionException e = assertThrows(ExecutionException.class, call::get);
      assertEquals(Status.Code.DEADLINE_EXCEEDED, Status.fromThrowable(e).getCode());
    }
  }

  @Test
  void applicationCallsTheCluster() {
    try (RpcTestCluster cluster = RpcTestCluster.inProcess(FakeGreeter::new, "a", "b")) {
      Injector injector =
          Guice.createInjector(
              Modules.override(new YourModule()).with(RpcTestClusterModule.of(cluster)));
      try (RpcClients clients = injector.getInstance(RpcClients.class)) {
        injector.getInstance(GreeterBlockingStub.class).sayHello(world);
      }
      cluster.assertNothingOpen();
    }
  }
}
