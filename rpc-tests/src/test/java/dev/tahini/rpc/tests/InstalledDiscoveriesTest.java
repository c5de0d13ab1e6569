package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.TARGET;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Wiring.BLOCKING;
import static dev.tahini.rpc.tests.Wiring.CLIENT;
import static dev.tahini.rpc.tests.Wiring.blocking;
import static dev.tahini.rpc.tests.Wiring.installing;
import static dev.tahini.rpc.tests.Wiring.installingAsDefault;
import static dev.tahini.rpc.tests.Wiring.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.Injector;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.core.StaticDiscoveryModule;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which of the discoveries that are installed serves a target. */
final class InstalledDiscoveriesTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.of(2);
  @AutoClose private final Wiring wiring = new Wiring(cluster);

  @Test
  void twoDiscoveriesWithoutADefaultFailTheInjectorSayingSo() {
    String refusal =
        refusal(
            installing(new TestDiscovery("list")), StaticDiscoveryModule.names(Map.of()), BLOCKING);

    Expect.contains(
        "discoveries: [[list], [static]] (expected: one of several marked as the default by"
            + " .asDefault(); marked are 0)",
        refusal);
  }

  @Test
  void twoDefaultDiscoveriesFailTheInjectorSayingSo() {
    String refusal =
        refusal(
            installingAsDefault(new TestDiscovery("list")),
            StaticDiscoveryModule.names(Map.of()).asDefault(),
            BLOCKING);

    Expect.contains("marked are 2", refusal);
  }

  @Test
  void defaultOfTwoDiscoveriesServesTargetsWithoutScheme() {
    Injector injector =
        wiring.plainInjector(
            installing(new TestDiscovery("unused")),
            StaticDiscoveryModule.names(Map.of(TARGET, cluster.backend("s1").address()))
                .asDefault(),
            BLOCKING);

    assertEquals("s1", injector.getInstance(ProbeBlockingStub.class).ask(ASK).getServer());
  }

  @Test
  void otherOfTwoDiscoveriesServesTargetsOfItsScheme() {
    TestDiscovery discovery = new TestDiscovery("list");
    discovery.set(cluster.backend("s0").endpoint());
    Injector injector =
        wiring.plainInjector(
            installing(discovery),
            StaticDiscoveryModule.names(Map.of()).asDefault(),
            blocking("list:///probe.test:grpc"));

    injector.getInstance(ProbeBlockingStub.class).ask(ASK);

    assertEquals(1, discovery.on("list:///probe.test:grpc").watches());
  }

  @Test
  void staticNamesStandForListsOfAddresses() {
    Map<String, String> names =
        Map.of(TARGET, cluster.backend("s0").address() + "," + cluster.backend("s1").address());
    Injector injector = wiring.plainInjector(StaticDiscoveryModule.names(names), BLOCKING);
    RpcClient<ProbeBlockingStub> client = injector.getInstance(CLIENT);

    Await.until("2 ready backends", () -> client.view().snapshot().ready() == 2);

    assertEquals(
        Set.of(cluster.backend("s0").address(), cluster.backend("s1").address()),
        client.view().snapshot().backends().stream()
            .map(backend -> backend.address())
            .collect(Collectors.toSet()));
  }
}
