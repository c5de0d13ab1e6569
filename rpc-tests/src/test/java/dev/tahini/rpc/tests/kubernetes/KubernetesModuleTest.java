package dev.tahini.rpc.tests.kubernetes;

import static dev.tahini.rpc.core.RpcBinder.rpcBinder;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.discovery.k8s.KubernetesDiscoveryModule;
import dev.tahini.rpc.discovery.k8s.KubernetesOptions;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.tests.ProbeService;
import dev.tahini.rpc.tests.Probes;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kubernetes as the environment's discovery. */
class KubernetesModuleTest {
  private final FakeApiServer api = FakeApiServer.start();

  @AfterEach
  void closeServer() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"probe.prod:grpc", "k8s:///probe:grpc", "kubernetes:///probe.prod.svc:grpc"})
  void targetGoesToKubernetes(String target) {
    try (RpcTestServer server = RpcTestServer.loopback(new ProbeService("a"))) {
      int port = ((InetSocketAddress) server.address()).getPort();
      api.put(
          FakeSlice.of("prod", "probe", "probe-1")
              .port("grpc", port)
              .endpoint(FakeEndpoint.of("127.0.0.1").pod("probe-0")));
      Injector injector = Guice.createInjector(module(), client(target));
      try (RpcClients clients = injector.getInstance(RpcClients.class)) {
        assertEquals(
            "a", injector.getInstance(ProbeBlockingStub.class).ask(Probes.ASK).getServer());
        assertEquals("KubernetesDiscovery", clients.all().get(0).snapshot().discovery());
      }
    }
  }

  @Test
  void badTargetFailsTheInjector() {
    CreationException error =
        assertThrows(
            CreationException.class,
            () -> Guice.createInjector(module(), client("probe.prod.example.com:grpc")));

    assertTrue(
        String.valueOf(error.getMessage())
            .contains("host: probe.prod.example.com (expected: service, service.namespace"),
        error::getMessage);
  }

  @Test
  void oneOfSeveralDiscoveriesIsTheDefault() {
    Module names = StaticDiscoveryModule.names(Map.of("probe:80", "127.0.0.1:1"));
    Injector injector = Guice.createInjector(names, module().asDefault(), client("probe.prod:80"));

    injector.getInstance(RpcClients.class).close();
    assertThrows(
        CreationException.class,
        () -> Guice.createInjector(names, module(), client("probe.prod:80")));
  }

  @Test
  void outsideOfAPodTheErrorSaysWhatIsMissing() {
    Injector injector =
        Guice.createInjector(new KubernetesDiscoveryModule(), client("probe.prod:80"));
    Exception error =
        assertThrows(
            Exception.class, () -> injector.getInstance(ProbeBlockingStub.class).ask(Probes.ASK));

    assertTrue(
        String.valueOf(error.getMessage()).contains("KUBERNETES_SERVICE_HOST"), error::toString);
    injector.getInstance(RpcClients.class).close();
  }

  private KubernetesDiscoveryModule module() {
    return new KubernetesDiscoveryModule(
        KubernetesOptions.defaults().withServer(api.uri()).withNamespace("prod"));
  }

  private static Module client(String target) {
    return binder ->
        rpcBinder(binder)
            .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
            .to(target)
            .plaintext();
  }
}
