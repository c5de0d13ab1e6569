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
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.core.RpcBinder.BoundClient;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Injectors whose clients are closed with the {@link Fleet} that they call, and their modules. */
record Wiring(Fleet fleet) {
  static final Key<RpcClient<ProbeBlockingStub>> CLIENT = Key.get(new TypeLiteral<>() {});
  static final Key<RpcClient<ProbeFutureStub>> FUTURE_CLIENT = Key.get(new TypeLiteral<>() {});

  /** A plaintext client of the fleet. */
  static final Module BLOCKING = blocking(Fleet.TARGET);

  /** Another, of another stub. */
  static final Module FUTURE = future(client -> {});

  static Module blocking(String target) {
    return blocking(client -> client.to(target));
  }

  static Module blocking(Consumer<BoundClient> options) {
    return binder ->
        options.accept(
            rpcBinder(binder)
                .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                .to(Fleet.TARGET)
                .plaintext());
  }

  static Module future(Consumer<BoundClient> options) {
    return binder ->
        options.accept(
            rpcBinder(binder)
                .bindClient(ProbeFutureStub.class, ProbeGrpc::newFutureStub)
                .to(Fleet.TARGET)
                .plaintext());
  }

  static Module feature(ClientFeature feature) {
    return binder ->
        Multibinder.newSetBinder(binder, ClientFeature.class).addBinding().toInstance(feature);
  }

  static Module installing(InstalledDiscovery discovery) {
    return binder ->
        Multibinder.newSetBinder(binder, InstalledDiscovery.class)
            .addBinding()
            .toInstance(discovery);
  }

  Module listDiscovery() {
    return installing(new InstalledDiscovery(fleet.discovery(), false));
  }

  /** An injector with the fleet's discovery. */
  Injector injector(Module... modules) {
    List<Module> all = new ArrayList<>(List.of(modules));
    all.add(listDiscovery());
    return closing(Guice.createInjector(all));
  }

  Injector closing(Injector injector) {
    fleet.closing(injector.getInstance(RpcClients.class));
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
}
