package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.core.RpcClient;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ConnectionFaultsTest {
  @AutoClose private final RpcTestCluster cluster = Reach.LOOPBACK.start("a");
  private final TestBackend backend = cluster.backend("a");

  private RpcClient<Echo> readyClient() {
    RpcClient<Echo> client = cluster.client(Echo::new);
    cluster.awaitReady(client);
    return client;
  }

  private static void awaitState(RpcClient<?> client, ConnectivityState state) {
    new Changes()
        .await(
            () -> state + ": " + client.view().snapshot(),
            () -> client.view().snapshot().backends().get(0).state() == state);
  }

  @Test
  void refusedClientCannotConnectAndOthersStay() throws Exception {
    RpcClient<Echo> before = readyClient();

    backend.refuseConnections();
    RpcClient<Echo> after = cluster.client(Echo::new);

    Status refused = after.stub().outcome("hi");
    assertEquals(Status.Code.UNAVAILABLE, refused.getCode());
    assertTrue(String.valueOf(refused).contains("refused"), refused::toString);
    assertEquals("hi", before.stub().echo("hi"));
    assertTrue(backend.isUp());
  }

  @Test
  void healedBackendIsConnectedAgain() throws Exception {
    backend.refuseConnections();
    RpcClient<Echo> client = cluster.client(Echo::new);
    awaitState(client, ConnectivityState.TRANSIENT_FAILURE);

    backend.heal();
    cluster.awaitReady(client);

    assertEquals("hi", client.stub().echo("hi"));
  }

  @Test
  void refusalLastsOverARestart() throws Exception {
    backend.refuseConnections();
    backend.kill();
    backend.restart();

    assertEquals(Status.Code.UNAVAILABLE, cluster.client(Echo::new).stub().outcome("hi").getCode());
    backend.heal();
    assertEquals("hi", cluster.client(Echo::new).stub().echo("hi"));
  }

  @Test
  void resetCutsCallsInFlightAndTheBackendGoesOnListening() throws Exception {
    RpcClient<Echo> client = readyClient();
    CompletableFuture<String> call = client.stub().start("wait");
    backend.awaitInFlight(1);

    backend.resetConnections();

    Status cut = Echo.outcome(call);
    assertEquals(Status.Code.UNAVAILABLE, cut.getCode());
    backend.awaitIdle();
    assertTrue(backend.isUp());
    assertEquals("hi", cluster.client(Echo::new).stub().echo("hi"));
  }

  @Test
  void resetIsNoOrderlyEnd() throws Exception {
    InetSocketAddress address = (InetSocketAddress) backend.endpoint().address();
    try (Socket connection = new Socket(address.getAddress(), address.getPort())) {
      InputStream fromServer = connection.getInputStream();
      fromServer.read(); // the server's HTTP/2 settings: the connection stands

      backend.resetConnections();

      SocketException reset = assertThrows(SocketException.class, fromServer::readAllBytes);
      assertEquals("Connection reset", reset.getMessage());
    }
  }

  @Test
  void goAwayLetsCallsFinishAndBringsNewConnections() throws Exception {
    RpcClient<Echo> client = readyClient();
    backend.hang();
    CompletableFuture<String> call = client.stub().start("hi");
    backend.awaitHanging(1);

    backend.goAway();
    backend.awaitConnections(2);
    backend.release();

    assertEquals("hi", call.get(10, TimeUnit.SECONDS));
    backend.awaitConnections(1);
    assertEquals(2, backend.connectionsEver());
    assertEquals("again", client.stub().echo("again"));
  }

  @Test
  void goAwayFromADeadBackendIsAnError() {
    backend.kill();

    assertThrows(IllegalStateException.class, backend::goAway);
  }

  @Test
  void badGatewayAnswersWithItsPage() throws Exception {
    RpcClient<Echo> client = readyClient();
    assertEquals("hi", client.stub().echo("hi"));

    backend.badGateway();
    Status answer = client.stub().outcome("hi");

    assertEquals(Status.Code.UNAVAILABLE, answer.getCode());
    String description = answer.getDescription();
    assertNotNull(description);
    assertTrue(description.startsWith("HTTP status code 502"), description);
    assertTrue(description.contains("text/html"), description);
    assertTrue(description.contains("<h1>502 Bad Gateway</h1>"), description);
    assertEquals(1, backend.attempts().size());
  }

  @Test
  void badGatewayLetsCallsInFlightFinish() throws Exception {
    RpcClient<Echo> client = readyClient();
    backend.hang();
    CompletableFuture<String> call = client.stub().start("hi");
    backend.awaitHanging(1);

    backend.badGateway();
    backend.release();

    assertEquals("hi", call.get(10, TimeUnit.SECONDS));
  }

  @Test
  void badGatewayAnswersManyCallsAndIsHealed() throws Exception {
    RpcClient<Echo> client = readyClient();
    backend.badGateway();
    String large = "x".repeat(10_000);
    for (int i = 0; i < 500; i++) {
      assertEquals(Status.Code.UNAVAILABLE, client.stub().outcome(large).getCode());
    }
    assertEquals(
        Map.of(Status.Code.UNAVAILABLE, 500L), client.view().snapshot().backends().get(0).failed());

    backend.heal();
    backend.awaitConnections(1);

    assertEquals(Status.OK, client.stub().outcome("hi"));
  }

  @Test
  void heldClientStaysConnectingUntilHealed() throws Exception {
    backend.holdConnections();
    RpcClient<Echo> client = cluster.client(Echo::new);
    CompletableFuture<String> patient = client.stub().start("hi");

    CompletableFuture<String> impatient =
        client
            .stub()
            .start(
                "no",
                CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS),
                new Metadata());

    assertEquals(Status.Code.DEADLINE_EXCEEDED, Echo.outcome(impatient).getCode());
    assertFalse(patient.isDone());
    assertEquals(ConnectivityState.CONNECTING, client.view().snapshot().backends().get(0).state());
    assertEquals(0, backend.connectionsEver());
    backend.heal();
    assertEquals("hi", patient.get(10, TimeUnit.SECONDS));
  }

  @Test
  void restartThatFailsLeavesThePortRefusing() throws Exception {
    InetSocketAddress address = (InetSocketAddress) backend.endpoint().address();
    backend.kill();
    backend.holdConnections();
    try (ServerSocket thief = new ServerSocket()) {
      thief.setReuseAddress(true);
      thief.bind(address);
      assertThrows(IllegalStateException.class, backend::restart);
    }

    backend.heal();

    assertThrows(
        ConnectException.class, () -> new Socket(address.getAddress(), address.getPort()).close());
  }

  @Test
  void heldClientIsCutByAKill() {
    backend.holdConnections();
    RpcClient<Echo> client = cluster.client(Echo::new);
    awaitState(client, ConnectivityState.CONNECTING);

    backend.kill();

    awaitState(client, ConnectivityState.TRANSIENT_FAILURE);
  }

  @Test
  void faultsOfSocketsAreRefusedInProcess() {
    try (RpcTestCluster inProcess = Reach.IN_PROCESS.start("a")) {
      Map<String, Consumer<TestBackend>> faults =
          Map.of(
              "refuseConnections", TestBackend::refuseConnections,
              "resetConnections", TestBackend::resetConnections,
              "goAway", TestBackend::goAway,
              "badGateway", TestBackend::badGateway,
              "holdConnections", TestBackend::holdConnections);

      faults.forEach(
          (name, fault) -> {
            IllegalStateException e =
                assertThrows(
                    IllegalStateException.class, () -> fault.accept(inProcess.backend("a")));
            assertEquals(
                name
                    + ": backend "
                    + inProcess.backend("a").address()
                    + " is in-process and has no sockets (expected: a cluster by RpcTestCluster.loopback or Builder.loopback)",
                e.getMessage());
          });
    }
  }
}
