package dev.tahini.rpc.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FaultsTest {
  private final FakeApiServer server = FakeApiServer.start();
  private final ApiFaults faults = server.faults();
  private final ApiClient client = new ApiClient(server);

  @AfterEach
  void close() {
    server.close();
  }

  private void put(String address) {
    server.put(FakeSlice.of("prod", "greeter", "a").endpoint(FakeEndpoint.of(address)));
  }

  private CompletableFuture<HttpResponse<String>> listLater() {
    return client.http().sendAsync(client.request(""), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void failsTheNextRequestsOfAVerb() throws Exception {
    faults.failNext(1, Verb.LIST, 429, "TooManyRequests", "slow down", 7);
    assertEquals(200, client.get("watch=1&timeoutSeconds=1").statusCode());
    HttpResponse<String> refused = client.get("");
    assertEquals(429, refused.statusCode());
    assertEquals("7", refused.headers().firstValue("Retry-After").orElse("none"));
    assertEquals(200, client.get("").statusCode());
  }

  @Test
  void failsWatchesInTheStream() throws Exception {
    faults.expireNextWatches(1);
    try (ApiClient.Watch watch = client.watch("")) {
      assertEquals("ERROR 410", watch.next());
      assertNull(watch.line());
    }
  }

  @Test
  void failsOpenWatches() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      faults.sendErrorEvent(500, "InternalError", "etcd is away");
      assertEquals("ERROR 500", watch.next());
      assertNull(watch.line());
    }
  }

  @Test
  void aStalledServerTakesRequestsAndAnswersLater() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      server.awaitWatch("prod", "greeter");
      faults.stall();
      CompletableFuture<HttpResponse<String>> answer = listLater();
      put("10.0.0.1");
      assertFalse(answer.isDone());
      faults.unstall();
      assertEquals("ADDED a@101", watch.next());
      assertEquals(200, answer.join().statusCode());
    }
  }

  @Test
  void heldListsWaitWhileWatchesWork() throws Exception {
    faults.holdLists();
    CompletableFuture<HttpResponse<String>> answer = listLater();
    server.awaitRequests(seen -> !seen.isEmpty());
    try (ApiClient.Watch watch = client.watch("")) {
      put("10.0.0.1");
      assertEquals("ADDED a@101", watch.next());
    }
    assertFalse(answer.isDone());
    faults.releaseLists();
    assertTrue(answer.join().body().contains("10.0.0.1"));
  }

  @Test
  void mutedWatchesStayOpenAndLoseEvents() throws Exception {
    try (ApiClient.Watch muted = client.watch("")) {
      server.awaitWatch("prod", "greeter");
      faults.muteWatches();
      put("10.0.0.1");
      try (ApiClient.Watch watch = client.watch("")) {
        assertEquals("ADDED a@101", watch.next());
      }
      faults.cutConnections();
      assertThrows(IOException.class, muted::line);
    }
  }

  @Test
  void cutConnectionsEndWithAnError() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      server.awaitWatch("prod", "greeter");
      faults.cutConnections();
      assertThrows(IOException.class, watch::line);
    }
    assertEquals(200, client.get("").statusCode());
  }

  @Test
  void aWatchIsCutInsideALine() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      faults.cutWatchesInLine();
      assertThrows(IOException.class, watch::line);
    }
  }

  @Test
  void aWatchEndsInsideALine() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      faults.endWatchesInLine();
      assertEquals("{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"EndpointSl", watch.line());
      assertNull(watch.line());
    }
  }

  @Test
  void aListIsCutInsideItsBody() throws Exception {
    put("10.0.0.1");
    faults.cutNextLists(1);
    assertThrows(IOException.class, () -> client.get(""));
    assertEquals(200, client.get("").statusCode());
  }

  @Test
  void aKilledServerComesBackOnItsPort() throws Exception {
    put("10.0.0.1");
    try (ApiClient.Watch watch = client.watch("resourceVersion=101")) {
      server.awaitWatch("prod", "greeter");
      server.kill();
      assertThrows(IOException.class, watch::line);
    }
    assertThrows(ConnectException.class, () -> client.get(""));
    server.restart();
    assertTrue(client.get("").body().contains("10.0.0.1"));
  }

  @Test
  void aGracefulStopLeavesOpenWatches() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      server.awaitWatch("prod", "greeter");
      server.gracefulStop();
      assertThrows(ConnectException.class, () -> client.get(""));
      put("10.0.0.1");
      assertEquals("ADDED a@101", watch.next());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void splitBodiesAreWholeAgain(int mostBytes) throws Exception {
    faults.chunking(mostBytes == 0 ? Splitter.everyByte() : Splitter.random(1, mostBytes));
    server.put(FakeSlice.of("prod", "greeter", "a").label("note", "grüße, 世界 🌍"));
    assertTrue(client.get("").body().contains("grüße, 世界 🌍"));
    try (ApiClient.Watch watch = client.watch("")) {
      assertTrue(String.valueOf(watch.line()).contains("grüße, 世界 🌍"));
    }
  }

  @Test
  void eventsComeTwice() throws Exception {
    faults.duplicateEvents(3);
    try (ApiClient.Watch watch = client.watch("")) {
      server.awaitWatch("prod", "greeter");
      for (int i = 0; i < 20; i++) {
        put("10.0.0." + i);
      }
      int lines = 0;
      for (String next = watch.next(); !next.endsWith("@120"); next = watch.next()) {
        lines++;
      }
      assertTrue(lines > 19, lines + " lines");
    }
  }

  @Test
  void resumedWatchesSeeOlderChangesAgain() throws Exception {
    put("10.0.0.1");
    put("10.0.0.2");
    faults.replayOnResume(1);
    try (ApiClient.Watch watch = client.watch("resourceVersion=102")) {
      assertEquals("MODIFIED a@102", watch.next());
    }
  }

  @Test
  void oddLinesAreSent() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      faults.sendUnknownEvent("MYSTERY");
      faults.sendLine("garbage");
      faults.sendLongLine(100_000);
      faults.sendEndlessLine(1_000);
      assertEquals("MYSTERY", watch.next());
      assertEquals("garbage", watch.line());
      assertTrue(String.valueOf(watch.line()).length() > 100_000);
    }
  }

  @Test
  void listsAreCompressedIfTold() throws Exception {
    faults.compressLists(true);
    HttpResponse<byte[]> response =
        client
            .http()
            .send(
                client.request("", "Accept-Encoding", "gzip"),
                HttpResponse.BodyHandlers.ofByteArray());
    try (InputStream body = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
      assertTrue(new String(body.readAllBytes(), UTF_8).contains("EndpointSliceList"));
    }
  }

  @Test
  void webSocketsAreAnsweredInPlainHttp() {
    CompletableFuture<WebSocket> opened =
        client
            .http()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(
                    server.uri().toString().replace("http", "ws")
                        + ApiClient.SLICES
                        + "?watch=true"),
                new WebSocket.Listener() {});
    CompletionException e = assertThrows(CompletionException.class, opened::join);
    WebSocketHandshakeException cause =
        assertInstanceOf(WebSocketHandshakeException.class, e.getCause());
    assertEquals(200, cause.getResponse().statusCode());
    assertEquals(0, server.watchCount());
  }

  @Test
  void liftedFaultsAreGone() throws Exception {
    faults.failNext(99, 500, "InternalError", "broken", null);
    faults.refuseConnections();
    faults.lift();
    assertEquals(200, client.get("").statusCode());
  }

  @Test
  void closeLeavesNoThreadAndNoConnection() throws Exception {
    ApiClient.Watch watch = client.watch("");
    faults.muteWatches();
    String prefix = "apiserver-" + server.uri().getPort() + "-";
    server.close();
    assertThrows(IOException.class, watch::line);
    Set<String> left =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith(prefix))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), left);
    assertEquals(0, server.openConnections());
  }
}
