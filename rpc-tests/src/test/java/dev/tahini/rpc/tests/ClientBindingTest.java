package dev.tahini.rpc.tests;

import static dev.tahini.rpc.core.RpcBinder.rpcBinder;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
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
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Clients, and stubs, that Guice wires. */
final class ClientBindingTest {
  @AutoClose private final Fleet fleet = Fleet.of(2);
  private final Wiring wiring = new Wiring(fleet);

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
        application
            .stub
            .withOption(Pick.OPTION, Pick.address(fleet.server(1).address()))
            .ask(ASK)
            .getServer());
  }

  @Test
  void clientOfAStubIsOne() {
    Injector injector = wiring.injector(BLOCKING);

    assertSame(injector.getInstance(CLIENT), injector.getInstance(CLIENT));
  }

  @Test
  void qualifiersTellClientsOfOneStubApart() {
    ProbeServer backup = fleet.start("backup");
    Injector injector =
        wiring.injector(
            binder -> {
              binder.install(BLOCKING);
              rpcBinder(binder)
                  .bindClient(
                      ProbeBlockingStub.class, Names.named("backup"), ProbeGrpc::newBlockingStub)
                  .to("static:///" + backup.address())
                  .plaintext();
            });

    ProbeBlockingStub stub =
        injector.getInstance(Key.get(ProbeBlockingStub.class, Names.named("backup")));
    assertEquals("backup", stub.ask(ASK).getServer());
    assertEquals(
        "static:///" + backup.address(),
        injector.getInstance(CLIENT.withAnnotation(Names.named("backup"))).target().toString());
    assertEquals(Fleet.TARGET, injector.getInstance(CLIENT).target().toString());
  }

  @Test
  void nothingIsWatchedBeforeAClientIsAskedFor() {
    Injector injector = wiring.injector(BLOCKING);
    assertEquals(List.of(), fleet.discovery().watched());

    injector.getInstance(CLIENT);

    assertEquals(1, fleet.discovery().watched().size());
  }

  @Test
  void clientsAreTheInjectorsRpcClients() {
    Injector injector = wiring.injector(BLOCKING);

    assertSame(injector.getInstance(RpcClients.class), injector.getInstance(Clients.class));
  }

  @Test
  void transportCanBeReplaced() {
    try (ProbeService service = new ProbeService("in-process");
        RpcTestServer server = RpcTestServer.inProcess(service)) {
      fleet.discovery().list(server.endpoint());
      Injector injector =
          wiring.injector(
              BLOCKING,
              binder ->
                  OptionalBinder.newOptionalBinder(binder, ChannelFactory.class)
                      .setBinding()
                      .toInstance(new InProcessChannelFactory()));

      assertEquals(
          "in-process", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getServer());
      injector.getInstance(RpcClients.class).close();
    }
  }

  @Test
  void moduleMayBeInstalledTwice() {
    Injector injector = wiring.injector(new RpcModule(), new RpcModule(), BLOCKING);

    assertEquals("", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getId());
  }
}
