package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a call whose backend is in TRANSIENT_FAILURE, for each pick. */
final class FailingBackendsTest {
  @AutoClose private final Fleet fleet = Fleet.unlisted();

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void failingBackendIsSkipped(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer ready = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client = fleet.clientOfFailing(failing, ready.endpoint());
    Fleet.awaitReady(client, 1);

    assertEquals(Set.of("s0"), serversOf(asked.stub(client, failing.endpoint()), 20));
  }

  @Test
  void keyOfAFailingBackendGoesToItsNextOwner() {
    ClosedPort failing = fleet.closedPort();
    ProbeServer s0 = fleet.start("s0");
    ProbeServer s1 = fleet.start("s1");
    RpcClient<ProbeBlockingStub> client =
        fleet.clientOfFailing(failing, s0.endpoint(), s1.endpoint());
    Fleet.awaitReady(client, 2);
    Set<String> nextOwners = new TreeSet<>();

    for (int i = 0; i < 1_000; i++) {
      List<BackendSnapshot> owners = client.view().owners("key-" + i);
      if (owners.get(0).address().equals(failing.address())) {
        String answering = client.stub(Pick.shard("key-" + i)).ask(ASK).getServer();
        assertEquals(owners.get(1).address(), fleet.server(answering).address());
        nextOwners.add(answering);
      }
    }
    assertEquals(Set.of("s0", "s1"), nextOwners);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARD_STRICT", "ADDRESS"})
  void failingBackendThatTheCallInsistsOnFailsItWithTheLastError(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer ready = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client = fleet.clientOfFailing(failing, ready.endpoint());

    Status status = failure(() -> asked.stub(client, failing.endpoint()).ask(ASK));

    Expect.unavailable("probe.test:grpc: " + failing.address() + " cannot be connected: ", status);
    Expect.unavailable("Connection refused", status);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARD_STRICT", "ADDRESS"})
  void failingBackendThatTheCallInsistsOnIsWaitedForUnderWaitForReady(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    ProbeServer ready = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client = fleet.clientOfFailing(failing, ready.endpoint());

    Expect.waitsInVain(asked.stub(client, failing.endpoint()).withWaitForReady());
  }

  @ParameterizedTest
  @EnumSource
  void callFailsWithTheLastErrorIfNoBackendCanBeConnected(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    RpcClient<ProbeBlockingStub> client = fleet.clientOfFailing(failing);

    Status status = failure(() -> asked.stub(client, failing.endpoint()).ask(ASK));

    Expect.unavailable(failing.address() + " cannot be connected", status);
    Expect.unavailable("Connection refused", status);
  }

  @ParameterizedTest
  @EnumSource
  void callWaitsForReadyAsLongAsItsDeadlineLetsItIfNoBackendCanBeConnected(Asked asked) {
    ClosedPort failing = fleet.closedPort();
    RpcClient<ProbeBlockingStub> client = fleet.clientOfFailing(failing);

    Expect.waitsInVain(asked.stub(client, failing.endpoint()).withWaitForReady());
  }

  @Test
  void callsThatWaitForReadyAreServedOnceTheBackendIsBack() {
    ClosedPort failing = fleet.closedPort();
    fleet.discovery().list(failing.endpoint());
    RpcClient<ProbeFutureStub> client = fleet.futureClient();
    Fleet.awaitState(client, failing.endpoint(), ConnectivityState.TRANSIENT_FAILURE);
    List<ListenableFuture<AskResponse>> waiting = new ArrayList<>();
    for (Asked asked : Asked.values()) {
      Pick pick = asked.pick(client, failing.endpoint());
      waiting.add(client.stub(pick).withWaitForReady().ask(ASK));
    }

    failing.close();
    fleet.add(ProbeServer.startAt("back", failing.port()));

    waiting.forEach(call -> assertEquals("back", Probes.answer(call).getServer()));
  }

  @Test
  void backendThatIsBackGetsItsKeysBack() {
    ClosedPort failing = fleet.closedPort();
    ProbeServer other = fleet.start("s0");
    RpcClient<ProbeBlockingStub> client = fleet.clientOfFailing(failing, other.endpoint());
    String key = Fleet.keyOf(client, failing.endpoint());
    assertEquals("s0", client.stub(Pick.shard(key)).ask(ASK).getServer());

    failing.close();
    fleet.add(ProbeServer.startAt("back", failing.port()));
    Fleet.awaitReady(client, 2);

    assertEquals("back", client.stub(Pick.shard(key)).ask(ASK).getServer());
  }

  @Test
  void failingBackendStaysFailingWhileItIsConnectedAnew() throws IOException {
    ClosedPort failing = fleet.closedPort();
    RpcClient<ProbeBlockingStub> client = fleet.clientOfFailing(failing);
    failing.close();

    try (ServerSocket silent = new ServerSocket()) {
      silent.setSoTimeout((int) Await.PATIENCE.toMillis());
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), failing.port()));
      try (Socket connectedAnew = silent.accept()) {
        assertEquals(failing.port(), connectedAnew.getLocalPort());

        assertEquals(
            ConnectivityState.TRANSIENT_FAILURE,
            client.view().snapshot().backends().get(0).state());
        Expect.unavailable("Connection refused", failure(() -> client.stub().ask(ASK)));
      }
    }
  }
}
