package dev.tahini.rpc.tests;

import static dev.tahini.rpc.core.RpcBinder.rpcBinder;
import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
import static dev.tahini.rpc.tests.Wiring.installing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.multibindings.OptionalBinder;
import com.google.inject.name.Names;
import dev.tahini.rpc.Clients;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.ChannelFactory;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.core.RpcModule;
import dev.tahini.rpc.testing.InProcessChannelFactory;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Clients, and stubs, that Guice wires. */
final class ClientBindingTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Opened opened = new Opened();
  @AutoClose private final Wiring wiring = new Wiring(cluster);

  /** A class of the application's. */
  private static final class Application {
    private final ProbeBlockingStub stub;
    private final RpcClient<ProbeBlockingStub> client;

    @Inject
    Application(ProbeBlockingStub stub, RpcClient<ProbeBlockingStub> client) {
      this.stub = stub;
      this.client = client;
    }
  }

  @Test
  void stubAndItsClientAreInjected() {
    Application application = wiring.injector(BLOCKING).getInstance(Application.class);

    assertSame(application.client.stub(), application.stub);
    assertEquals(
        "s1",
        application.stub.withOption(Pick.OPTION, to(cluster.backend("s1"))).ask(ASK).getServer());
  }

  @Test
  void clientOfAStubIsOne() {
    Injector injector = wiring.injector(BLOCKING);

    assertSame(injector.getInstance(CLIENT), injector.getInstance(CLIENT));
  }

  @Test
  void qualifiersTellClientsOfOneStubApart() {
    RpcTestServer backup = opened.add(RpcTestServer.loopback(new ProbeService("backup")));
    Injector injector =
        wiring.injector(
            binder -> {
              binder.install(BLOCKING);
              rpcBinder(binder)
                  .bindClient(
                      ProbeBlockingStub.class, Names.named("backup"), ProbeGrpc::newBlockingStub)
                  .to("static:///" + backup.endpoint().addressText())
                  .plaintext();
            });

    ProbeBlockingStub stub =
        injector.getInstance(Key.get(ProbeBlockingStub.class, Names.named("backup")));
    assertEquals("backup", stub.ask(ASK).getServer());
    assertEquals(
        "static:///" + backup.endpoint().addressText(),
        injector.getInstance(CLIENT.withAnnotation(Names.named("backup"))).target().toString());
    assertEquals(TARGET, injector.getInstance(CLIENT).target().toString());
  }

  @Test
  void nothingIsWatchedBeforeAClientIsAskedFor() {
    Injector injector = wiring.injector(BLOCKING);
    assertEquals(0, cluster.discovery().on(TARGET).watches());

    injector.getInstance(CLIENT);

    assertEquals(1, cluster.discovery().on(TARGET).watches());
  }

  @Test
  void clientsAreTheInjectorsRpcClients() {
    Injector injector = wiring.injector(BLOCKING);

    assertSame(injector.getInstance(RpcClients.class), injector.getInstance(Clients.class));
  }

  @Test
  void transportCanBeReplaced() {
    RpcTestServer server = opened.add(RpcTestServer.inProcess(new ProbeService("in-process")));
    TestDiscovery discovery = new TestDiscovery();
    discovery.set(server.endpoint());

    Injector injector =
        wiring.plainInjector(
            BLOCKING,
            installing(discovery),
            binder ->
                OptionalBinder.newOptionalBinder(binder, ChannelFactory.class)
                    .setBinding()
                    .toInstance(new InProcessChannelFactory()));

    assertEquals("in-process", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getServer());
  }

  @Test
  void moduleMayBeInstalledTwice() {
    Injector injector = wiring.injector(new RpcModule(), new RpcModule(), BLOCKING);

    assertEquals("", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getId());
  }
}
