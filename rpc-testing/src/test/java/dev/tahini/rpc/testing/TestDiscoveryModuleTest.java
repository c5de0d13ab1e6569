package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.util.Modules;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.core.RpcBinder;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TestDiscoveryModuleTest {
  private final TestDiscovery discovery = new TestDiscovery();
  private final AtomicInteger asked = new AtomicInteger();

  /** What an application installs: a discovery that would find nothing here, and a feature. */
  private final class Application extends AbstractModule {
    @Override
    protected void configure() {
      install(StaticDiscoveryModule.names(Map.of("echo.prod:grpc", "192.0.2.1:80")));
      RpcBinder.rpcBinder(binder())
          .bindClient(Echo.class, Echo::new)
          .to("echo.prod:grpc")
          .plaintext();
      Multibinder.newSetBinder(binder(), ClientFeature.class)
          .addBinding()
          .toInstance(
              new ClientFeature() {
                @Override
                public Optional<CallEvents> events(ClientView client) {
                  asked.incrementAndGet();
                  return Optional.empty();
                }
              });
    }
  }

  @Test
  void takesThePlaceOfTheInstalledDiscovery() throws Exception {
    try (RpcTestServer server = RpcTestServer.loopback(new EchoService())) {
      discovery.set(server.endpoint());
      Injector injector =
          Guice.createInjector(
              Modules.override(new Application()).with(TestDiscoveryModule.of(discovery)));
      try (RpcClients clients = injector.getInstance(RpcClients.class)) {
        assertEquals("hello", injector.getInstance(Echo.class).echo("hello"));
        assertEquals(1, clients.all().size());
        discovery.awaitApplied();
      }
    }
    assertEquals(1, asked.get(), "the application's own feature");
  }
}
