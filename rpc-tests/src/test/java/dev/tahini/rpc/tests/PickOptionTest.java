package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.to;
import static dev.tahini.rpc.tests.Probes.ASK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.junit.RpcClusterExtension;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a call's pick comes from. */
final class PickOptionTest {
  @RegisterExtension
  final RpcClusterExtension extension = RpcClusterExtension.of(() -> Fleet.of(3));

  @Test
  void optionOfASingleCallWinsOverTheStubs(
      RpcTestCluster cluster, RpcClient<ProbeBlockingStub> client) {
    ProbeBlockingStub stub = client.stub(to(cluster.backend("s0")));

    assertEquals("s0", stub.ask(ASK).getServer());
    assertEquals(
        "s2", stub.withOption(Pick.OPTION, to(cluster.backend("s2"))).ask(ASK).getServer());
  }

  @Test
  void stubOfAPickCanBeAskedForTheLeastLoadedAgain(RpcClient<ProbeBlockingStub> client) {
    ProbeBlockingStub stub = client.stub(Pick.address("127.0.0.1:1"));

    // Nobody has that address: the call fails unless the option takes the stub's pick's place.
    assertNotNull(stub.withOption(Pick.OPTION, Pick.leastLoaded()).ask(ASK).getServer());
  }
}
