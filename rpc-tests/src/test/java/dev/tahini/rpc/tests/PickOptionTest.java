package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Where a call's pick comes from. */
final class PickOptionTest {
  @AutoClose private final Fleet fleet = Fleet.of(3);

  @Test
  void optionOfASingleCallWinsOverTheStubs() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    ProbeBlockingStub stub = client.stub(Pick.address(fleet.server(0).address()));

    assertEquals("s0", stub.ask(ASK).getServer());
    assertEquals(
        "s2",
        stub.withOption(Pick.OPTION, Pick.address(fleet.server(2).address())).ask(ASK).getServer());
  }

  @Test
  void stubOfAPickCanBeAskedForTheLeastLoadedAgain() {
    RpcClient<ProbeBlockingStub> client = fleet.client();
    ProbeBlockingStub stub = client.stub(Pick.address("127.0.0.1:1"));

    // Nobody has that address: the call fails unless the option takes the stub's pick's place.
    assertNotNull(stub.withOption(Pick.OPTION, Pick.leastLoaded()).ask(ASK).getServer());
  }
}
