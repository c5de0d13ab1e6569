package dev.tahini.rpc.tests.faults;

import static dev.tahini.rpc.tests.Fleet.awaitState;
import static dev.tahini.rpc.tests.Probes.ASK;
import static dev.tahini.rpc.tests.Probes.answer;
import static dev.tahini.rpc.tests.Probes.failure;
import static dev.tahini.rpc.tests.Probes.outcome;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.RpcTestServer;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Expect;
import dev.tahini.rpc.tests.ProbeService;
import dev.tahini.rpc.tests.Retries;
import dev.tahini.rpc.tests.v1.AskResponse;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeFutureStub;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that accept connections and are no good servers of gRPC. */
@ParameterizedClass
@EnumSource
final class LyingServersTest {
  /** An empty SETTINGS frame, and GOAWAY: last stream 0, no error. */
  private static final byte[] SETTINGS_AND_GOAWAY = {
    0, 0, 0, 4, 0, 0, 0, 0, 0, //
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static final String BAD_REQUEST =
      "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private final TestDiscovery discovery = new TestDiscovery();
  @AutoClose private final RpcTestServer good = RpcTestServer.loopback(new ProbeService("good"));

  @AutoClose private final RpcClient<ProbeFutureStub> client;

  LyingServersTest(Retries retries) {
    client = retries.client(discovery);
  }

  private static void answersHttp1(Socket socket) throws IOException {
    socket.getOutputStream().write(BAD_REQUEST.getBytes(US_ASCII));
    RawServer.listen(socket);
  }

  private static void goesAwayAtOnce(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(SETTINGS_AND_GOAWAY);
    RawServer.listen(socket);
  }

  private ListenableFuture<AskResponse> ask(Pick pick) {
    return client.stub(pick).withDeadlineAfter(Await.PATIENCE).ask(ASK);
  }

  private static Pick to(Endpoint endpoint) {
    return Pick.address(endpoint.addressText());
  }

  @Test
  void serverOfHttp1FailsTheCallAskingWhetherItSpeaksGrpc() throws IOException {
    try (RawServer http1 = RawServer.start(LyingServersTest::answersHttp1)) {
      discovery.set(http1.endpoint());

      Status status = outcome(ask(Pick.leastLoaded()));

      Expect.unavailable(http1.endpoint().addressText() + " cannot be connected: ", status);
      Expect.unavailable("; is it a server of HTTP/1?", status);
    }
  }

  @Test
  void serverOfHttp1CostsNoCallWhileAnotherServes() throws IOException {
    try (RawServer http1 = RawServer.start(LyingServersTest::answersHttp1)) {
      discovery.set(http1.endpoint(), good.endpoint());
      awaitState(client, good.endpoint(), ConnectivityState.READY);
      awaitState(client, http1.endpoint(), ConnectivityState.TRANSIENT_FAILURE);

      for (int i = 0; i < 50; i++) {
        assertEquals("good", answer(ask(Pick.random())).getServer());
        assertEquals("good", answer(ask(Pick.shard("key-" + i))).getServer());
      }
    }
  }

  @Test
  void serverThatGoesAwayAtOnceCostsNoCallWhileAnotherServes() throws IOException {
    try (RawServer leaving = RawServer.start(LyingServersTest::goesAwayAtOnce)) {
      discovery.set(leaving.endpoint(), good.endpoint());
      awaitState(client, good.endpoint(), ConnectivityState.READY);

      int calls = 0;
      while (leaving.accepted() < 4) { // it is back in the pick set for a moment, each time
        assertEquals("good", answer(ask(Pick.random())).getServer());
        assertEquals("good", answer(ask(Pick.leastLoaded())).getServer());
        calls += 2;
      }
      assertTrue(calls > 10, () -> "it is connected again too soon");
    }
  }

  @Test
  void serverThatGoesAwayAtOnceIsNotConnectedInALoop() throws IOException {
    try (RawServer leaving = RawServer.start(LyingServersTest::goesAwayAtOnce)) {
      discovery.set(leaving.endpoint());

      Status status = outcome(client.stub().withDeadlineAfter(3, TimeUnit.SECONDS).ask(ASK));

      Expect.deadlineExceeded(status);
      assertTrue(leaving.accepted() <= 6, () -> leaving.accepted() + " connections in 3 s");
    }
  }

  @Test
  void callThatWaitsForAServerThatGoesAwayAtOnceIsServedByTheNextList() throws IOException {
    try (RawServer leaving = RawServer.start(LyingServersTest::goesAwayAtOnce)) {
      discovery.set(leaving.endpoint());
      ListenableFuture<AskResponse> call = ask(Pick.leastLoaded());
      Await.until("a connection", () -> leaving.accepted() > 0);
      assertFalse(call.isDone());

      discovery.set(good.endpoint());

      assertEquals("good", answer(call).getServer());
    }
  }

  @Test
  @Tag("full") // the time-out of a connect is 20 s
  void serverThatAcceptsAndSaysNothingHasFailedAfterTwentySeconds() throws IOException {
    try (RawServer silent = RawServer.start(RawServer::listen)) {
      discovery.set(silent.endpoint(), good.endpoint());
      awaitState(client, good.endpoint(), ConnectivityState.READY);

      ListenableFuture<AskResponse> call =
          client.stub(to(silent.endpoint())).withDeadlineAfter(40, TimeUnit.SECONDS).ask(ASK);

      Await.until(Duration.ofSeconds(30), () -> "the call to fail", call::isDone);
      Expect.unavailable("cannot be connected: no answer within 20 s", outcome(call));
      assertEquals("good", answer(ask(Pick.leastLoaded())).getServer());
      Await.until("another try", () -> silent.accepted() > 1);
    }
  }

  @Test
  void serverThatAcceptsAndSaysNothingCostsNoCallThatIsNotBoundToIt() throws IOException {
    try (RawServer silent = RawServer.start(RawServer::listen)) {
      discovery.set(silent.endpoint(), good.endpoint());
      awaitState(client, good.endpoint(), ConnectivityState.READY);
      Await.until("a connection", () -> silent.accepted() > 0);

      for (int i = 0; i < 50; i++) {
        assertEquals("good", answer(ask(Pick.random())).getServer());
        assertEquals("good", answer(ask(Pick.leastLoaded())).getServer());
      }
    }
  }

  @Test
  void failureOfAServerThatRefusesComesAtOnce() throws IOException {
    Endpoint refusing;
    try (RawServer gone = RawServer.start(RawServer::listen)) {
      refusing = gone.endpoint();
    }
    discovery.set(refusing);

    Status status = failure(() -> ProbeGrpc.newBlockingStub(client.channel()).ask(ASK));

    Expect.unavailable("Connection refused", status);
  }
}
