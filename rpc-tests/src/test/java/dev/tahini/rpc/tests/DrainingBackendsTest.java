package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What becomes of a call whose backend is listed as draining, for each pick. */
final class DrainingBackendsTest {
  @AutoClose private final Fleet fleet = Fleet.unlisted();

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsSkippedWhileAnotherIsReady(Asked asked) {
    ProbeServer draining = fleet.start("draining");
    ProbeServer serving = fleet.start("serving");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOf(2, draining(draining.endpoint()), serving.endpoint());

    assertEquals(Set.of("serving"), serversOf(asked.stub(client, draining.endpoint()), 20));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendOfThePickIsUsed(Asked asked) {
    ProbeServer draining = fleet.start("draining");
    ProbeServer serving = fleet.start("serving");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOf(2, draining(draining.endpoint()), serving.endpoint());

    assertEquals(Set.of("draining"), serversOf(asked.stub(client, draining.endpoint()), 5));
  }

  @ParameterizedTest
  @EnumSource
  void drainingBackendIsUsedIfItIsTheOnlyOne(Asked asked) {
    ProbeServer draining = fleet.start("draining");
    fleet.discovery().list(draining(draining.endpoint()));
    RpcClient<ProbeBlockingStub> client = fleet.client();

    assertEquals("draining", asked.stub(client, draining.endpoint()).ask(ASK).getServer());
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsUsedIfAllOthersFail(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer draining = fleet.start("draining");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOfFailing(failing, draining(draining.endpoint()));

    assertEquals("draining", asked.stub(client, draining.endpoint()).ask(ASK).getServer());
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsNotUsedWhileAnotherIsConnecting(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    ProbeServer draining = fleet.start("draining");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOf(1, connecting.endpoint(), draining(draining.endpoint()));

    Expect.waitsInVain(asked.stub(client, draining.endpoint()));
  }

  @Test
  void backendThatBeginsToDrainKeepsItsConnectionAndLosesNewCalls() {
    ProbeServer draining = fleet.start("draining");
    ProbeServer serving = fleet.start("serving");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOf(2, draining.endpoint(), serving.endpoint());

    fleet.discovery().list(draining(draining.endpoint()), serving.endpoint());
    Await.until(
        "only one to be used", () -> serversOf(client.stub(), 10).equals(Set.of("serving")));

    assertEquals(Set.of("serving"), serversOf(client.stub(), 50));
    assertEquals(1, draining.connectionsEver());
    assertEquals(1, draining.connections());
  }

  @Test
  void backendThatServesAgainGetsNewCalls() {
    ProbeServer draining = fleet.start("draining");
    ProbeServer serving = fleet.start("serving");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOf(2, draining(draining.endpoint()), serving.endpoint());
    assertFalse(serversOf(client.stub(), 20).contains("draining"));

    fleet.list(draining, serving);

    Await.until("both to be used", () -> serversOf(client.stub(), 20).size() == 2);
  }

  private static Endpoint draining(Endpoint endpoint) {
    return endpoint.withCondition(Endpoint.Condition.DRAINING);
  }
}
