package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.awaitState;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.ConnectivityState;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What becomes of a call whose backend is CONNECTING, or has lost its connection. */
final class ConnectingBackendsTest {
  @AutoClose
  private final RpcTestCluster cluster = Fleet.unlisted("connecting", "too", "failing", "ready");

  private final TestBackend connecting = cluster.backend("connecting");
  private final TestBackend failing = cluster.backend("failing");
  private final TestBackend ready = cluster.backend("ready");
  private final RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

  @BeforeEach
  void holdConnections() {
    connecting.holdConnections();
    cluster.backend("too").holdConnections();
    failing.refuseConnections();
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void connectingBackendIsNoCandidateWhileAnotherIsReady(Asked asked) {
    list(cluster, "connecting", "ready");
    cluster.awaitReady(client);

    assertEquals(Set.of("ready"), serversOf(asked.stub(client, connecting), 20));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void connectingBackendOfThePickIsWaitedForThoughAnotherIsReady(Asked asked) {
    list(cluster, "connecting", "ready");
    cluster.awaitReady(client);

    Expect.waitsInVain(asked.stub(client, connecting));
  }

  @ParameterizedTest
  @EnumSource
  void callWaitsWhileAllBackendsAreConnecting(Asked asked) {
    list(cluster, "connecting", "too");

    Expect.waitsInVain(asked.stub(client, connecting));
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM", "SHARD"})
  void callWaitsForAConnectingBackendThoughAnotherFails(Asked asked) {
    list(cluster, "failing", "connecting");
    awaitState(client, failing, ConnectivityState.TRANSIENT_FAILURE);

    Expect.waitsInVain(asked.stub(client, failing));
  }

  @Execution(ExecutionMode.CONCURRENT) // each waits for backoffs of 1 s
  @ParameterizedTest
  @EnumSource
  void backendThatLostItsConnectionIsConnectedForTheCall(Asked asked) {
    list(cluster, "ready");
    cluster.awaitReady(client);

    ready.drain();
    ready.restart();
    Await.until(
        () -> client.view().snapshot().backends().get(0).state() != ConnectivityState.READY);

    assertEquals("ready", asked.stub(client, ready).ask(ASK).getServer());
  }
}
