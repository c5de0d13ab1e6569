package dev.tahini.rpc.tests;

import static dev.tahini.rpc.tests.Fleet.awaitState;
import static dev.tahini.rpc.tests.Fleet.keyOf;
import static dev.tahini.rpc.tests.Fleet.list;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.serversOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.testing.TestBackend;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a call whose backend is in TRANSIENT_FAILURE, for each pick. */
final class FailingBackendsTest {
  @AutoClose private final RpcTestCluster cluster = Fleet.unlisted("failing", "s0", "s1");

  private final TestBackend failing = cluster.backend("failing");
  private final RpcClient<ProbeBlockingStub> client = cluster.client(ProbeGrpc::newBlockingStub);

  /** Lists the failing backend and these, until the client has seen the one fail. */
  private void listFailingAnd(String... others) {
    failing.refuseConnections();
    list(cluster, Stream.concat(Stream.of("failing"), Stream.of(others)).toArray(String[]::new));
    awaitState(client, failing, ConnectivityState.TRANSIENT_FAILURE);
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAST_LOADED", "RANDOM"})
  void failingBackendIsSkipped(Asked asked) {
    listFailingAnd("s0");
    cluster.awaitReady(client);

    assertEquals(Set.of("s0"), serversOf(asked.stub(client, failing), 20));
  }

  @Test
  void keyOfAFailingBackendGoesToItsNextOwner() {
    listFailingAnd("s0", "s1");
    cluster.awaitReady(client);
    Set<String> nextOwners = new TreeSet<>();

    for (int i = 0; i < 1_000; i++) {
      List<BackendSnapshot> owners = client.view().owners("key-" + i);
      if (owners.get(0).address().equals(failing.address())) {
        String answering = client.stub(Pick.shard("key-" + i)).ask(ASK).getServer();
        assertEquals(owners.get(1).address(), cluster.backend(answering).address());
        nextOwners.add(answering);
      }
    }
    assertEquals(Set.of("s0", "s1"), nextOwners);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARD_STRICT", "ADDRESS"})
  void failingBackendThatTheCallInsistsOnFailsItWithTheLastError(Asked asked) {
    listFailingAnd("s0");

    Status status = failure(() -> asked.stub(client, failing).ask(ASK));

    Expect.unavailable("probe.test:grpc: " + failing.address() + " cannot be connected: ", status);
    Expect.unavailable("Connection refused", status);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARD_STRICT", "ADDRESS"})
  void failingBackendThatTheCallInsistsOnIsWaitedForUnderWaitForReady(Asked asked) {
    listFailingAnd("s0");

    Expect.waitsInVain(asked.stub(client, failing).withWaitForReady());
  }

  @ParameterizedTest
  @EnumSource
  void callFailsWithTheLastErrorIfNoBackendCanBeConnected(Asked asked) {
    listFailingAnd();

    Status status = failure(() -> asked.stub(client, failing).ask(ASK));

    Expect.unavailable(failing.address() + " cannot be connected", status);
    Expect.unavailable("Connection refused", status);
  }

  @ParameterizedTest
  @EnumSource
  void callWaitsForReadyAsLongAsItsDeadlineLetsItIfNoBackendCanBeConnected(Asked asked) {
    listFailingAnd();

    Expect.waitsInVain(asked.stub(client, failing).withWaitForReady());
  }

  @Test
  void callsThatWaitForReadyAreServedOnceTheBackendIsBack() {
    listFailingAnd();
    List<ListenableFuture<AskResponse>> waiting = new ArrayList<>();
    for (Asked asked : Asked.values()) {
      Pick pick = asked.pick(client, failing);
      waiting.add(
          ProbeGrpc.newFutureStub(client.channel())
              .withOption(Pick.OPTION, pick)
              .withWaitForReady()
              .ask(ASK));
    }

    failing.heal();

    waiting.forEach(call -> assertEquals("failing", Probes.answer(call).getServer()));
  }

  @Test
  void backendThatIsBackGetsItsKeysBack() {
    listFailingAnd("s0");
    String key = keyOf(client, failing);
    assertEquals("s0", client.stub(Pick.shard(key)).ask(ASK).getServer());

    failing.heal();
    cluster.awaitReady(client);

    assertEquals("failing", client.stub(Pick.shard(key)).ask(ASK).getServer());
  }

  /** The test takes the connection itself, to know when the client makes it. */
  @Test
  void failingBackendStaysFailingWhileItIsConnectedAnew() throws IOException {
    InetSocketAddress address;
    try (Socket refusing = new Socket()) {
      refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      address = (InetSocketAddress) refusing.getLocalSocketAddress();
      cluster.discovery().set(Endpoint.of(address));
      awaitState(client, Endpoint.of(address), ConnectivityState.TRANSIENT_FAILURE);
    }

    try (ServerSocket silent = new ServerSocket()) {
      silent.setSoTimeout((int) Await.PATIENCE.toMillis());
      silent.bind(address);
      try (Socket connectedAnew = silent.accept()) {
        assertEquals(address.getPort(), connectedAnew.getLocalPort());

        assertEquals(
            ConnectivityState.TRANSIENT_FAILURE,
            client.view().snapshot().backends().get(0).state());
        Expect.unavailable("Connection refused", failure(() -> client.stub().ask(ASK)));
      }
    }
  }
}
