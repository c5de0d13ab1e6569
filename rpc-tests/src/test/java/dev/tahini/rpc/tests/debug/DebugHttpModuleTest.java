package dev.tahini.rpc.tests.debug;

import static dev.tahini.rpc.tests.Probes.ASK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.ConfigurationException;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.util.Modules;
import dev.tahini.rpc.core.RpcBinder;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.debug.http.DebugHttpModule;
import dev.tahini.rpc.debug.http.DebugHttpOptions;
import dev.tahini.rpc.debug.http.DebugHttpServer;
import dev.tahini.rpc.debug.http.DebugPages;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.RpcTestClusterModule;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The page of an injector's clients, over HTTP. */
final class DebugHttpModuleTest {
  private static final DebugHttpOptions ANY_PORT = DebugHttpOptions.defaults().withPort(0);

  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);

  private Injector injector(Module page) {
    Module clients =
        binder ->
            RpcBinder.rpcBinder(binder)
                .bindClient(ProbeBlockingStub.class, ProbeGrpc::newBlockingStub)
                .to(cluster.target())
                .plaintext();
    return Guice.createInjector(
        Modules.override(page, clients).with(RpcTestClusterModule.of(cluster)));
  }

  private static HttpResponse<String> get(DebugHttpServer server, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void servesTheClientsOfItsInjectorUntilTheyAreClosed() throws Exception {
    Injector injector = injector(new DebugHttpModule(ANY_PORT));
    DebugHttpServer server = injector.getInstance(DebugHttpServer.class);
    try (RpcClients clients = injector.getInstance(RpcClients.class)) {
      assertTrue(get(server, "/debug/backends").body().contains("No client"));
      assertNotNull(injector.getInstance(ProbeBlockingStub.class).ask(ASK));
      HttpResponse<String> page = get(server, "/debug/backends");
      assertEquals(200, page.statusCode());
      assertTrue(page.body().contains(cluster.backend("s0").address()), page.body());
      assertEquals(200, get(server, "/debug/backends/page.js").statusCode());
      assertEquals(200, get(server, "/debug/backends/page.css").statusCode());
      assertNotNull(clients);
    }
    assertThrows(ConnectException.class, () -> get(server, "/debug/backends"));
  }

  @Test
  void twoInjectorsHavePagesOfTheirOwn() throws Exception {
    Injector one = injector(new DebugHttpModule(ANY_PORT));
    Injector other = injector(new DebugHttpModule(ANY_PORT));
    try (RpcClients first = one.getInstance(RpcClients.class);
        RpcClients second = other.getInstance(RpcClients.class)) {
      assertNotNull(one.getInstance(ProbeBlockingStub.class).ask(ASK));
      DebugHttpServer server = other.getInstance(DebugHttpServer.class);
      assertTrue(get(server, "/debug/backends").body().contains("No client"));
      assertTrue(first != second);
    }
  }

  @Test
  void aPortInUseFailsTheInjector() {
    Injector injector = injector(new DebugHttpModule(ANY_PORT));
    try (RpcClients clients = injector.getInstance(RpcClients.class)) {
      int port = injector.getInstance(DebugHttpServer.class).address().getPort();
      CreationException e =
          assertThrows(
              CreationException.class,
              () -> injector(new DebugHttpModule(ANY_PORT.withPort(port))));
      assertTrue(
          String.valueOf(e.getMessage()).contains("cannot listen on 127.0.0.1 port " + port));
      assertNotNull(clients);
    }
  }

  @Test
  void nothingListensWithoutAServer() {
    Injector injector = injector(new DebugHttpModule(ANY_PORT).withoutServer());
    try (RpcClients clients = injector.getInstance(RpcClients.class)) {
      assertNotNull(injector.getInstance(DebugPages.class));
      assertThrows(ConfigurationException.class, () -> injector.getInstance(DebugHttpServer.class));
      assertNotNull(clients);
    }
  }
}
