package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.ConnectivityState;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What becomes of a call whose backend is CONNECTING, or has lost its connection. */
final class ConnectingBackendsTest {
  @AutoClose private final Fleet fleet = Fleet.unlisted();

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void connectingBackendIsNoCandidateWhileAnotherIsReady(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    ProbeServer ready = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOf(1, connecting.endpoint(), ready.endpoint());

    assertEquals(Set.of("s0"), serversOf(asked.stub(client, connecting.endpoint()), 20));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"LEAST_LOADED", "RANDOM"})
  void connectingBackendOfThePickIsWaitedForThoughAnotherIsReady(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    ProbeServer ready = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOf(1, connecting.endpoint(), ready.endpoint());

    Expect.waitsInVain(asked.stub(client, connecting.endpoint()));
  }

  @ParameterizedTest
  @EnumSource
  void callWaitsWhileAllBackendsAreConnecting(Asked asked) {
    SilentPort connecting = fleet.silentPort();
    fleet.discovery().list(connecting.endpoint(), fleet.silentPort().endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();

    Expect.waitsInVain(asked.stub(client, connecting.endpoint()));
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM", "SHARD"})
  void callWaitsForAConnectingBackendThoughAnotherFails(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    fleet.discovery().list(failing.endpoint(), fleet.silentPort().endpoint());
    RpcClient<ProbeBlockingStub> client = fleet.client();
    Fleet.awaitState(client, failing.endpoint(), ConnectivityState.TRANSIENT_FAILURE);

    Expect.waitsInVain(asked.stub(client, failing.endpoint()));
  }

  @Execution(ExecutionMode.CONCURRENT) // each waits for backoffs of 1 s
  @ParameterizedTest
  @EnumSource
  void backendThatLostItsConnectionIsConnectedForTheCall(Asked asked) {
    ProbeServer server = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client = fleet.clientOf(1, server.endpoint());

    server.drain();
    server.restart();
    Await.until(
        () -> client.view().snapshot().backends().get(0).state() != ConnectivityState.READY);

    assertEquals("s0", asked.stub(client, server.endpoint()).ask(ASK).getServer());
  }
}
