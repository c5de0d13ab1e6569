package dev.tahini.rpc.tests.dns;

import static dev.tahini.rpc.core.RpcBinder.rpcBinder;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.discovery.dns.DnsDiscovery;
import dev.tahini.rpc.discovery.dns.DnsDiscoveryModule;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.tests.ProbeService;
import dev.tahini.rpc.tests.Probes;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DNS as the environment's discovery. What is called here needs no server of names. */
class DnsModuleTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:", "dns:///127.0.0.1:", "dns:///localhost:"})
  void targetGoesToDns(String target) {
    try (RpcTestServer server = RpcTestServer.loopback(new ProbeService("a"))) {
      int port = ((InetSocketAddress) server.address()).getPort();
      Injector injector =
          Guice.createInjector(new DnsDiscoveryModule(), client(target + port + "?family=v4"));
      try (RpcClients clients = injector.getInstance(RpcClients.class)) {
        assertEquals(
            "a", injector.getInstance(ProbeBlockingStub.class).ask(Probes.ASK).getServer());
        assertEquals("DnsDiscovery", clients.all().get(0).snapshot().discovery());
      }
    }
  }

  @Test
  void badTargetFailsTheInjector() {
    CreationException error =
        assertThrows(
            CreationException.class,
            () -> Guice.createInjector(new DnsDiscoveryModule(), client("10.0.0.1:grpc")));

    assertTrue(
        String.valueOf(error.getMessage())
            .contains("host: 10.0.0.1 (expected: a name: an address has no SRV records"),
        error::getMessage);
  }

  @Test
  void oneOfSeveralDiscoveriesIsTheDefault() {
    Module names = StaticDiscoveryModule.names(Map.of("probe:80", "127.0.0.1:1"));
    Injector injector =
        Guice.createInjector(
            names, new DnsDiscoveryModule().asDefault(), client("10.0.0.1:80?family=v4"));

    injector.getInstance(RpcClients.class).close();
    assertThrows(
        CreationException.class,
        () -> Guice.createInjector(names, new DnsDiscoveryModule(), client("10.0.0.1:80")));
  }

  @Test
  void discoveryOfTheInjectorIsOne() {
    Injector injector = Guice.createInjector(new DnsDiscoveryModule());

    assertSame(injector.getInstance(DnsDiscovery.class), injector.getInstance(DnsDiscovery.class));
  }

  private static Module client(String target) {
    return binder ->
        rpcBinder(binder)
            .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
            .to(target)
            .plaintext();
  }
}
