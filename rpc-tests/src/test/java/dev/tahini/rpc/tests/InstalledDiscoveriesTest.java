package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
import static dev.tahini.rpc.tests.Wiring.blocking;
import static dev.tahini.rpc.tests.Wiring.installing;
import static dev.tahini.rpc.tests.Wiring.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which of the discoveries that are installed serves a target. */
final class InstalledDiscoveriesTest {
  @AutoClose private final Fleet fleet = Fleet.of(2);
  private final Wiring wiring = new Wiring(fleet);

  @Test
  void twoDiscoveriesWithoutADefaultFailTheInjectorSayingSo() {
    String refusal =
        refusal(wiring.listDiscovery(), StaticDiscoveryModule.names(Map.of()), BLOCKING);

    Expect.contains(
        "discoveries: [[list], [static]] (expected: one of several marked as the default by"
            + " .asDefault(); marked are 0)",
        refusal);
  }

  @Test
  void twoDefaultDiscoveriesFailTheInjectorSayingSo() {
    String refusal =
        refusal(
            installing(new InstalledDiscovery(fleet.discovery(), true)),
            StaticDiscoveryModule.names(Map.of()).asDefault(),
            BLOCKING);

    Expect.contains("marked are 2", refusal);
  }

  @Test
  void defaultOfTwoDiscoveriesServesTargetsWithoutScheme() {
    Injector injector =
        wiring.closing(
            Guice.createInjector(
                installing(new InstalledDiscovery(new ListDiscovery("unused"), false)),
                StaticDiscoveryModule.names(Map.of(Fleet.TARGET, fleet.server(1).address()))
                    .asDefault(),
                BLOCKING));

    assertEquals("s1", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getServer());
  }

  @Test
  void otherOfTwoDiscoveriesServesTargetsOfItsScheme() {
    Injector injector =
        wiring.closing(
            Guice.createInjector(
                wiring.listDiscovery(),
                StaticDiscoveryModule.names(Map.of()).asDefault(),
                blocking("list:///probe.test:grpc")));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    assertEquals("list:///probe.test:grpc", fleet.discovery().watched().get(0).toString());
  }

  @Test
  void staticNamesStandForListsOfAddresses() {
    Map<String, String> names =
        Map.of(Fleet.TARGET, fleet.server(0).address() + "," + fleet.server(1).address());
    Injector injector =
        wiring.closing(Guice.createInjector(StaticDiscoveryModule.names(names), BLOCKING));
    RpcClient<ProbeBlockingStub> client = injector.getInstance(CLIENT);

    Fleet.awaitReady(client, 2);

    assertEquals(
        Set.of(fleet.server(0).address(), fleet.server(1).address()),
        client.view().snapshot().backends().stream()
            .map(backend -> backend.address())
            .collect(Collectors.toSet()));
  }
}
