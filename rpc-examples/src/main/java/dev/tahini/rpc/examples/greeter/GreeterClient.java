package dev.tahini.rpc.examples.greeter;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.tahini.rpc.core.RpcBinder;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.RpcModule;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc;
import dev.tahini.rpc.examples.greeter.v1.GreeterGrpc.GreeterBlockingStub;
import dev.tahini.rpc.examples.greeter.v1.HelloRequest;
import java.util.Map;

/** The Guice way, in its shortest form: {@code 127.0.0.1:50051,127.0.0.1:50052} greet the world. */
public final class GreeterClient {
  private GreeterClient() {}

  /**
   * Says hello a hundred times, each time to the least loaded server.
   *
   * @param args the servers: {@code host:port,host:port}
   */
  public static void main(String[] args) {
    String servers = args.length > 0 ? args[0] : "127.0.0.1:50051,127.0.0.1:50052";
    Injector injector =
        Guice.createInjector(
            new RpcModule(),
            StaticDiscoveryModule.names(Map.of("greeter.prod:grpc", servers)),
            binder ->
                RpcBinder.rpcBinder(binder)
                    .bindClient(GreeterBlockingStub.class, GreeterGrpc::newBlockingStub)
                    .to("greeter.prod:grpc")
                    .plaintext());
    try (RpcClients clients = injector.getInstance(RpcClients.class)) {
      GreeterBlockingStub greeter = injector.getInstance(GreeterBlockingStub.class);
      HelloRequest request = HelloRequest.newBuilder().setName("world").build();
      for (int i = 0; i < 100; i++) {
        System.out.println(greeter.sayHello(request).getMessage());
      }
      clients.all().get(0).snapshot().backends().stream()
          .map(backend -> backend.address() + " answered " + backend.succeeded())
          .forEach(System.out::println);
    }
  }
}
