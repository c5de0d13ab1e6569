package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.awaitState;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.ConnectivityState;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What becomes of a call whose backend is listed as draining, for each pick. */
final class DrainingBackendsTest {
  @AutoClose
  private final RpcTestCluster cluster = Fleet.unlisted("draining", "serving", "failing");

  private final TestBackend draining = cluster.backend("draining");
  private final Endpoint listedAsDraining =
      draining.endpoint().withCondition(Endpoint.Condition.DRAINING);
  private final Endpoint serving = cluster.backend("serving").endpoint();
  private final RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsSkippedWhileAnotherIsReady(Asked asked) {
    cluster.discovery().set(listedAsDraining, serving);
    cluster.awaitReady(client);

    assertEquals(Set.of("serving"), serversOf(asked.stub(client, draining), 20));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendOfThePickIsUsed(Asked asked) {
    cluster.discovery().set(listedAsDraining, serving);
    cluster.awaitReady(client);

    assertEquals(Set.of("draining"), serversOf(asked.stub(client, draining), 5));
  }

  @ParameterizedTest
  @EnumSource
  void drainingBackendIsUsedIfItIsTheOnlyOne(Asked asked) {
    cluster.discovery().set(listedAsDraining);

    assertEquals("draining", asked.stub(client, draining).ask(ASK).getServer());
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsUsedIfAllOthersFail(Asked asked) {
    TestBackend failing = cluster.backend("failing");
    failing.refuseConnections();
    cluster.discovery().set(failing.endpoint(), listedAsDraining);
    awaitState(client, failing, ConnectivityState.TRANSIENT_FAILURE);

    assertEquals("draining", asked.stub(client, draining).ask(ASK).getServer());
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void drainingBackendIsNotUsedWhileAnotherIsConnecting(Asked asked) {
    cluster.backend("serving").holdConnections();
    cluster.discovery().set(serving, listedAsDraining);
    cluster.awaitReady(client);

    Expect.waitsInVain(asked.stub(client, draining));
  }

  @Test
  void backendThatBeginsToDrainKeepsItsConnectionAndLosesNewCalls() {
    cluster.discovery().set(draining.endpoint(), serving);
    cluster.awaitReady(client);

    cluster.discovery().set(listedAsDraining, serving);
    cluster.awaitApplied();

    assertEquals(Set.of("serving"), serversOf(client.stub(), 50));
    assertEquals(1, draining.connectionsEver());
    assertEquals(1, draining.connections());
  }

  @Test
  void backendThatServesAgainGetsNewCalls() {
    cluster.discovery().set(listedAsDraining, serving);
    cluster.awaitReady(client);
    assertFalse(serversOf(client.stub(), 20).contains("draining"));

    list(cluster, "draining", "serving");
    cluster.awaitApplied();

    assertEquals(Set.of("draining", "serving"), serversOf(client.stub(), 50));
  }
}
