package dev.tahini.rpc.examples.docs;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.util.Modules;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcBinder;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.debug.http.AccessPolicy;
import dev.tahini.rpc.debug.http.AccessPolicy.Access;
import dev.tahini.rpc.debug.http.DebugFeature;
import dev.tahini.rpc.debug.http.DebugHttpModule;
import dev.tahini.rpc.debug.http.DebugHttpOptions;
import dev.tahini.rpc.debug.http.DebugHttpServer;
import dev.tahini.rpc.debug.http.DebugPages;
import dev.tahini.rpc.discovery.dns.DnsDiscovery;
import dev.tahini.rpc.discovery.dns.DnsDiscoveryModule;
import dev.tahini.rpc.discovery.dns.DnsOptions;
import dev.tahini.rpc.discovery.k8s.KubernetesDiscovery;
import dev.tahini.rpc.discovery.k8s.KubernetesDiscoveryModule;
import dev.tahini.rpc.discovery.k8s.KubernetesNameResolverProvider;
import dev.tahini.rpc.discovery.k8s.KubernetesOptions;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc.GreeterBlockingStub;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc.GreeterFutureStub;
import dev.tahini.rpc.examples.greeter.v1.HelloReply;
import dev.tahini.rpc.examples.greeter.v1.HelloRequest;
import dev.tahini.rpc.retry.Backoff;
import dev.tahini.rpc.retry.Hedging;
import dev.tahini.rpc.retry.Retry;
import dev.tahini.rpc.retry.RetryBudgets;
import dev.tahini.rpc.retry.RetryModule;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.RetryRules;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.RpcTestClusterModule;
import dev.tahini.rpc.testing.contract.PickerFactoryContract;
import dev.tahini.rpc.testing.lab.Arrivals;
import dev.tahini.rpc.testing.lab.Report;
import dev.tahini.rpc.testing.lab.SimulatedCluster;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolverRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Every Java snippet of the documents stands here word for word; compiled, never run. */
@SuppressWarnings({"CheckReturnValue", "UnusedVariable", "resource", "try", "unused"})
final class Snippets {
  private Snippets() {}

  static void introduction(HelloRequest request, String userId) {
    Injector injector =
        Guice.createInjector(
            StaticDiscoveryModule.names(
                Map.of("greeter.prod:grpc", "127.0.0.1:50051,127.0.0.1:50052")),
            binder ->
                RpcBinder.rpcBinder(binder)
                    .bindClient(GreeterBlockingStub.class, GreeterGrpc::newBlockingStub)
                    .to("greeter.prod:grpc")
                    .plaintext()); // TLS unless said otherwise, as in gRPC

    GreeterBlockingStub greeter = injector.getInstance(GreeterBlockingStub.class);
    greeter.sayHello(request); // least loaded
    greeter.withOption(Pick.OPTION, Pick.shard(userId)).sayHello(request); // the owner of the key

    injector.getInstance(RpcClients.class).close(); // Guice has no lifecycle: close at the end
  }

  static void dns() {
    Injector injector =
        Guice.createInjector(
            new DnsDiscoveryModule(), // .asDefault() beside other discovery modules
            binder ->
                RpcBinder.rpcBinder(binder)
                    .bindClient(GreeterBlockingStub.class, GreeterGrpc::newBlockingStub)
                    .to("greeter.prod:8080"));
  }

  static void dnsByHand() {
    DnsDiscovery dns =
        new DnsDiscovery(
            DnsOptions.defaults()
                .withServers("10.0.0.2", "10.0.0.3:5353")
                .withRefresh(Duration.ofSeconds(1), Duration.ofSeconds(10)));
    RpcClient<GreeterBlockingStub> client =
        RpcClient.builder("dns:///greeter.prod:8080", GreeterGrpc::newBlockingStub)
            .discovery(dns)
            .build();
  }

  static void kubernetes() {
    Injector injector =
        Guice.createInjector(
            new KubernetesDiscoveryModule(), // .asDefault() beside other discovery modules
            binder ->
                RpcBinder.rpcBinder(binder)
                    .bindClient(GreeterBlockingStub.class, GreeterGrpc::newBlockingStub)
                    .to("greeter.prod:grpc"));
  }

  static void kubernetesByHand() {
    RpcClient<GreeterBlockingStub> client =
        RpcClient.builder("k8s:///greeter.prod:grpc", GreeterGrpc::newBlockingStub)
            .discovery(new KubernetesDiscovery())
            .build();
  }

  static void kubernetesOptionsOfAPlainChannel(
      KubernetesOptions options, ChannelCredentials credentials) {
    NameResolverRegistry resolvers = new NameResolverRegistry();
    resolvers.register(new KubernetesNameResolverProvider(options));
    ManagedChannel channel =
        Grpc.newChannelBuilder("k8s:///greeter.prod:grpc", credentials, resolvers).build();
  }

  static void kubernetesOnALaptop() {
    KubernetesDiscovery proxied =
        new KubernetesDiscovery(
            KubernetesOptions.defaults()
                .withServer(URI.create("http://127.0.0.1:8001")) // of kubectl proxy
                .withNamespace("prod"));
    RpcClient<GreeterBlockingStub> client =
        RpcClient.builder("k8s:///greeter:grpc", GreeterGrpc::newBlockingStub)
            .discovery(proxied)
            .build();
  }

  static void picks(HelloRequest request, String userId) {
    try (RpcClient<GreeterBlockingStub> client =
        RpcClient.builder("static:///10.0.0.1:8080,10.0.0.2:8080", GreeterGrpc::newBlockingStub)
            .plaintext()
            .build()) {
      client.stub(Pick.shard(userId)).sayHello(request);

      // Pinned: whatever backend the first call gets, the second goes to the same one.
      HelloReply reply =
          client.call(
              Pick.leastLoaded(),
              stub -> {
                stub.sayHello(request);
                return stub.sayHello(request);
              });
    }
  }

  record ByTenant() implements Picker.Factory {
    @Override
    public String name() {
      return "by_tenant";
    }

    @Override
    public Picker create(Picker.Backends backends) {
      Map<String, Backend> owners = new HashMap<>();
      for (Backend backend : backends.all()) {
        owners.put(backend.endpoint().attributes().get("tenant"), backend);
      }
      return request -> owners.get(request.key());
    }
  }

  static class ByTenantTest extends PickerFactoryContract {
    @Override
    protected Picker.Factory newFactory() {
      return new ByTenant();
    }

    @Override
    protected Pick pick(int call, List<Endpoint> listed) {
      return Pick.with("by_tenant", listed.get(call % listed.size()).attributes().get("tenant"));
    }

    @Override
    protected Endpoint decorate(Endpoint plain, int number) {
      return plain.withAttribute("tenant", "tenant-" + number);
    }

    @Override
    protected boolean isBoundToOneBackend() {
      return true; // another tenant's backend will not do
    }
  }

  static void lab() {
    Report report =
        SimulatedCluster.builder()
            .seed(42)
            .backends(10, server -> server.withConcurrency(4))
            .clients(5)
            .picker(new ByTenant())
            .pick(Pick.leastLoaded())
            .load(Arrivals.utilization(0.7))
            .at(Duration.ofSeconds(3), cluster -> cluster.slow("b03", 25))
            .warmUp(Duration.ofSeconds(1))
            .run(Duration.ofSeconds(10));
  }

  static void ownDiscovery(Binder binder, Discovery discovery) {
    Multibinder.newSetBinder(binder, InstalledDiscovery.class)
        .addBinding()
        .toInstance(new InstalledDiscovery(discovery, /* isDefault= */ false));
  }

  private static final class FakeGreeter extends GreeterGrpc.GreeterImplBase {
    private final String name;

    FakeGreeter(String name) {
      this.name = name;
    }
  }

  private static final class YourModule extends AbstractModule {}

  static void testing(HelloRequest request) {
    try (RpcTestCluster cluster = RpcTestCluster.inProcess(FakeGreeter::new, "a", "b", "c")) {
      Injector injector =
          Guice.createInjector(
              Modules.override(new YourModule()).with(RpcTestClusterModule.of(cluster)));
      try (RpcClients clients = injector.getInstance(RpcClients.class)) {
        cluster.backend("a").kill(); // b and c serve on
        injector.getInstance(GreeterBlockingStub.class).sayHello(request);
      }
    }
  }

  static void options() {
    RpcClient.builder("static:///10.0.0.1:8080", GreeterGrpc::newBlockingStub)
        .channel(c -> c.keepAliveTime(30, TimeUnit.SECONDS)) // finds dead connections
        .channel(c -> c.maxInboundMessageSize(16 << 20)) // bytes; gRPC's default is 4 MiB
        .build();
  }

  static void keepalive() {
    RpcClient.builder("static:///10.0.0.1:8080", GreeterGrpc::newBlockingStub)
        .channel(c -> c.keepAliveTime(30, TimeUnit.SECONDS)) // of silence, then a ping
        .channel(c -> c.keepAliveTimeout(5, TimeUnit.SECONDS)) // for its answer
        .channel(c -> c.keepAliveWithoutCalls(true)) // else only while a call is in flight
        .build();
  }

  static void plainGrpc() {
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget("dns:///greeter.prod:8080")
            .defaultLoadBalancingPolicy("tahini")
            .build();
  }

  static void plainGrpcInAPod() {
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget("k8s:///greeter.prod:grpc")
            .defaultLoadBalancingPolicy("tahini")
            .build();
  }

  static void debugModule() {
    Injector injector =
        Guice.createInjector(
            new DebugHttpModule(), // http://127.0.0.1:8095/debug/backends
            new YourModule());
  }

  static void debugWithoutGuice() {
    DebugFeature debug = new DebugFeature();
    DebugHttpOptions options = DebugHttpOptions.defaults().withPort(9000);
    DebugHttpServer server = DebugHttpServer.start(options, DebugPages.of(debug, options));
    RpcClient<GreeterBlockingStub> client =
        RpcClient.builder("static:///10.0.0.1:8080", GreeterGrpc::newBlockingStub)
            .feature(debug)
            .build();
  }

  static void debugAccess(String token) {
    DebugHttpOptions options =
        DebugHttpOptions.defaults()
            .withAddress(new InetSocketAddress("0.0.0.0", 8095))
            .withAccess(
                AccessPolicy.loopbackOnly().or(AccessPolicy.bearerToken(token, Access.VIEW)));
  }

  static void retryModule() {
    Injector injector =
        Guice.createInjector(
            new KubernetesDiscoveryModule(),
            new RetryModule(), // or new RetryModule(rules), .forTargets(...)
            new YourModule());
  }

  static void retryRules(MethodDescriptor<?, ?> getQuote) {
    RetryRules rules =
        RetryRules.all(RetryOptions.defaults())
            .with("bank.Accounts", RetryOptions.none())
            .with(
                getQuote, // marked idempotent in its .proto
                RetryOptions.defaults().withHedging(Hedging.afterP95(Duration.ofMillis(50), 3)));
    Module retries = new RetryModule(rules);
  }

  static void retryOptions() {
    RetryOptions options =
        RetryOptions.defaults()
            .withPolicy(
                StandardRetryPolicy.defaults()
                    .withMaxAttempts(3)
                    .withBackoff(Backoff.defaults().withJitter(Backoff.FULL_JITTER))
                    .retryingIdempotentMethods()) // UNKNOWN and ABORTED, too
            .withAttemptTimeout(Duration.ofMillis(200));
  }

  interface Names {
    String lookUp(String userId);
  }

  static void retryAroundCode(
      RetryBudgets budgets,
      Names names,
      String userId,
      GreeterBlockingStub greeter,
      GreeterFutureStub futures,
      HelloRequest request) {
    Retry retry = Retry.builder().budget(budgets.of("greeter.prod:grpc")).build();
    HelloReply reply =
        retry.call(
            () -> {
              String name = names.lookUp(userId); // may throw RetriableException
              return greeter.sayHello(HelloRequest.newBuilder().setName(name).build());
            });
    ListenableFuture<HelloReply> later = retry.callAsync(() -> futures.sayHello(request));
  }
}
