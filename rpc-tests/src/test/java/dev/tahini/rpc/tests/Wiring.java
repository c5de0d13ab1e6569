package dev.tahini.rpc.tests;

import static dev.tahini.rpc.core.RpcBinder.rpcBinder;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.util.Modules;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.core.RpcBinder.BoundClient;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.RpcTestClusterModule;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Injectors whose clients call a cluster, and their modules. What it makes is closed with it. */
public final class Wiring implements AutoCloseable {
  public static final Key<RpcClient<ProbeBlockingStub>> CLIENT = Key.get(new TypeLiteral<>() {});
  public static final Key<RpcClient<ProbeFutureStub>> FUTURE_CLIENT =
      Key.get(new TypeLiteral<>() {});

  /** A plaintext client of the cluster. */
  public static final Module BLOCKING = blocking(Fleet.TARGET);

  /** Another, of another stub. */
  public static final Module FUTURE = future(client -> {});

  private final Opened injectors = new Opened();
  private final RpcTestCluster cluster;

  public Wiring(RpcTestCluster cluster) {
    this.cluster = cluster;
  }

  public static Module blocking(String target) {
    return blocking(client -> client.to(target));
  }

  public static Module blocking(Consumer<BoundClient> options) {
    return binder ->
        options.accept(
            rpcBinder(binder)
                .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                .to(Fleet.TARGET)
                .plaintext());
  }

  public static Module future(Consumer<BoundClient> options) {
    return binder ->
        options.accept(
            rpcBinder(binder)
                .bindClient(ProbeFutureStub.class, ProbeGrpc::newFutureStub)
                .to(Fleet.TARGET)
                .plaintext());
  }

  public static Module feature(ClientFeature feature) {
    return binder ->
        Multibinder.newSetBinder(binder, ClientFeature.class).addBinding().toInstance(feature);
  }

  public static Module installing(Discovery discovery) {
    return installing(new InstalledDiscovery(discovery, false));
  }

  public static Module installingAsDefault(Discovery discovery) {
    return installing(new InstalledDiscovery(discovery, true));
  }

  private static Module installing(InstalledDiscovery discovery) {
    return binder ->
        Multibinder.newSetBinder(binder, InstalledDiscovery.class)
            .addBinding()
            .toInstance(discovery);
  }

  /** An injector with the cluster in the place of the network. */
  public Injector injector(Module... modules) {
    return plainInjector(Modules.override(modules).with(RpcTestClusterModule.of(cluster)));
  }

  /** An injector of these modules and no others. */
  Injector plainInjector(Module... modules) {
    Injector injector = Guice.createInjector(modules);
    injectors.add(injector.getInstance(RpcClients.class));
    return injector;
  }

  /** Why there is no injector of these. */
  static @Nullable String refusal(Module... modules) {
    return assertThrows(CreationException.class, () -> Guice.createInjector(modules)).getMessage();
  }

  /** An interceptor that notes its calls. */
  static ClientInterceptor logging(String name, Queue<String> log) {
    return new ClientInterceptor() {
      @Override
      public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
          MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
        log.add(name);
        return next.newCall(method, options);
      }
    };
  }

  @Override
  public void close() {
    injectors.close();
  }
}
