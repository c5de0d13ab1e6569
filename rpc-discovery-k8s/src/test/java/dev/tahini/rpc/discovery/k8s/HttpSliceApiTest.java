package dev.tahini.rpc.discovery.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.discovery.k8s.SliceJson.EventJson;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes between the HTTP client and a server. */
class HttpSliceApiTest {
  private static final long PATIENCE_SECONDS = 10;
  private static final String EVENT =
      "{\"type\":\"ADDED\",\"object\":"
          + SliceTexts.ready("größe-💡", 7, "10.0.0.1").replace('\'', '"')
          + "}\n";

  private final BlockingQueue<EventJson> events = new LinkedBlockingQueue<>();
  private final CountDownLatch opened = new CountDownLatch(1);

  @Test
  void listAsksForTheSlicesOfTheService() throws Exception {
    try (RawServer server =
        RawServer.start(
            (socket, out) ->
                RawServer.say(
                    out,
                    "200 OK",
                    "",
                    "{\"metadata\":{\"resourceVersion\":\"5\",\"continue\":\"abc=\"},\"items\":["
                        + SliceTexts.ready("a", 4, "10.0.0.1").replace('\'', '"')
                        + ",null],\"new\":{}}\n"))) {
      SliceJson.SliceListJson page = get(api(server.uri(), null).list("a b&c", () -> {}).end());

      assertNotNull(page.metadata());
      assertEquals("abc=", page.metadata().next());
      assertEquals(2, Objects.requireNonNull(page.items()).size());
      assertEquals(
          "GET /apis/discovery.k8s.io/v1/namespaces/prod/endpointslices"
              + "?labelSelector=kubernetes.io%2Fservice-name%3Dgreeter&limit=100&continue=a+b%26c"
              + " HTTP/1.1",
          server.heads().get(0).lines().findFirst().orElse(""));
      assertTrue(
          server.heads().get(0).contains("User-Agent: tahini-rpc-discovery-k8s\n"),
          server.heads()::toString);
    }
  }

  @Test
  void tokenIsReadForEachRequest(@TempDir Path folder) throws Exception {
    Path token = folder.resolve("token");
    try (RawServer server =
        RawServer.start((socket, out) -> RawServer.say(out, "200 OK", "", "{}"))) {
      SliceApi api = api(server.uri(), token);
      for (String each : List.of("one", "two")) {
        Files.writeString(token, each + "\n");
        get(api.list(null, () -> {}).end());
      }

      assertTrue(server.heads().get(0).contains("Authorization: Bearer one\n"));
      assertTrue(server.heads().get(1).contains("Authorization: Bearer two\n"));
    }
  }

  @Test
  void missingTokenIsAFailureAndNotAnException(@TempDir Path folder) {
    SliceApi api = api(URI.create("http://127.0.0.1:1"), folder.resolve("none"));

    assertTrue(failure(api.list(null, () -> {}).end()).getMessage().contains("none"));
  }

  @Test
  void tokenThatIsNoneIsNeverTold(@TempDir Path folder) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "s3cret-one\ns3cret-two\n");

    ApiFailure failure =
        failure(api(URI.create("http://127.0.0.1:1"), token).list(null, () -> {}).end());

    assertTrue(failure.getMessage().contains("token: no bearer token"), failure.getMessage());
    assertFalse(failure.getMessage().contains("s3cret"), failure.getMessage());
  }

  @Test
  void refusalWhoseBodyBreaksOffIsARefusal() throws Exception {
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              RawServer.head(out, "503 No", "Retry-After: 5\r\nContent-Length: 100\r\n");
              out.write("abc".getBytes(UTF_8));
              out.flush();
            })) {
      ApiFailure failure = failure(watch(server).end());

      assertFalse(failure.isBroken());
      assertEquals(Duration.ofSeconds(5), failure.retryAfter());
      assertEquals(server.uri() + ": HTTP 503", failure.getMessage());
    }
  }

  /** The JDK tells of an exchange's end on its common pool, which the application may fill. */
  @Test
  void answerNeedsNoThreadOfTheApplications() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              await(asked);
              RawServer.say(out, "200 OK", "", "{}");
            })) {
      CompletableFuture<String> thread =
          api(server.uri(), null)
              .list(null, () -> {})
              .end()
              .thenApply(page -> Thread.currentThread().getName());
      asked.countDown();

      assertTrue(get(thread).matches("tahini-k8s|HttpClient-.*"), () -> "on " + thread.join());
    }
  }

  /** Else each list would leave a connection behind. */
  @Test
  void connectionIsUsedAgain() throws Exception {
    try (FakeApiServer server = FakeApiServer.start()) {
      SliceApi api = api(server.uri(), null);
      for (int i = 0; i < 5; i++) {
        get(api.list(null, () -> {}).end());
      }

      assertEquals(1, server.openConnections());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64})
  void eventsAreReadWhereverTheyAreCut(int bytes) throws Exception {
    byte[] line = (EVENT + "\n" + EVENT).getBytes(UTF_8);
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              RawServer.head(out, "200 OK", "Transfer-Encoding: chunked\r\n");
              for (int i = 0; i < line.length; i += bytes) {
                int length = Math.min(bytes, line.length - i);
                out.write((Integer.toHexString(length) + "\r\n").getBytes(UTF_8));
                out.write(line, i, length);
                out.write("\r\n".getBytes(UTF_8));
                out.flush();
              }
              out.write("0\r\n\r\n".getBytes(UTF_8));
            })) {
      ApiRequest<Boolean> watch = watch(server);

      assertTrue(get(watch.end()));
      assertEquals(2, events.size());
      assertEquals("größe-💡", name(events.remove()));
      assertTrue(
          server
              .heads()
              .get(0)
              .startsWith(
                  "GET /apis/discovery.k8s.io/v1/namespaces/prod/endpointslices"
                      + "?labelSelector=kubernetes.io%2Fservice-name%3Dgreeter&watch=true"
                      + "&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=250 "));
    }
  }

  @Test
  void eventIsHeardWhileTheWatchIsOpen() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (RawServer server = RawServer.start((socket, out) -> sayAndWait(out, done))) {
      ApiRequest<Boolean> watch = watch(server);

      assertNotNull(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertEquals(0, opened.getCount());
      assertFalse(watch.end().isDone());
      done.countDown();
      assertTrue(get(watch.end()));
    }
  }

  @Test
  void cancelClosesTheConnectionOfAStalledBody() throws Exception {
    CompletableFuture<Integer> read = new CompletableFuture<>();
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              RawServer.head(out, "200 OK", "");
              out.write(EVENT.getBytes(UTF_8));
              out.flush();
              try {
                read.complete(socket.getInputStream().read());
              } catch (IOException reset) {
                read.complete(-1);
              }
            })) {
      ApiRequest<Boolean> watch = watch(server);
      assertNotNull(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));

      watch.cancel();

      assertEquals(-1, get(read), "the server's side was to see the end");
    }
  }

  @Test
  void cancelClosesTheConnectionOfARequestWithoutAnAnswer() throws Exception {
    CompletableFuture<Integer> read = new CompletableFuture<>();
    CountDownLatch taken = new CountDownLatch(1);
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              taken.countDown();
              try {
                read.complete(socket.getInputStream().read());
              } catch (IOException reset) {
                read.complete(-1);
              }
            })) {
      ApiRequest<Boolean> watch = watch(server);
      assertTrue(taken.await(PATIENCE_SECONDS, TimeUnit.SECONDS));

      watch.cancel();

      assertEquals(-1, get(read), "the server's side was to see the end");
    }
  }

  @Test
  void cutConnectionIsABrokenWatch() throws Exception {
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              RawServer.head(out, "200 OK", "Transfer-Encoding: chunked\r\n");
              out.write("5\r\n{\"typ".getBytes(UTF_8));
              out.flush();
              socket.setSoLinger(true, 0);
            })) {
      assertTrue(failure(watch(server).end()).isBroken());
    }
  }

  @Test
  void refusedConnectionIsNamed() {
    ApiFailure failure =
        failure(api(URI.create("http://127.0.0.1:1"), null).list(null, () -> {}).end());

    assertTrue(failure.isBroken());
    assertTrue(
        failure.getMessage().startsWith("http://127.0.0.1:1: connection refused"),
        failure.getMessage());
  }

  @Test
  void endlessLineIsAnErrorAndNotMemory() throws Exception {
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              RawServer.head(out, "200 OK", "");
              byte[] piece = new byte[1 << 20];
              for (int i = 0; i < 1_000; i++) {
                out.write(piece);
              }
            })) {
      ApiFailure failure = failure(watch(server).end());

      assertTrue(failure.needsList(), failure.getMessage());
      assertTrue(failure.getMessage().contains("more than 10485760 bytes"), failure.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no JSON\n", "[]\n", "{\"object\":7}\n", "\"text\"\n", "null\n"})
  void lineThatIsNoEventNeedsANewList(String line) throws Exception {
    try (RawServer server =
        RawServer.start(
            (socket, out) -> {
              RawServer.head(out, "200 OK", "");
              out.write(line.getBytes(UTF_8));
            })) {
      assertTrue(failure(watch(server).end()).needsList());
    }
  }

  @Test
  void refusalSaysWhatIsMissing() throws Exception {
    try (RawServer server =
        RawServer.start(
            (socket, out) ->
                RawServer.say(
                    out,
                    "403 Forbidden",
                    "",
                    "{\"kind\":\"Status\",\"message\":\"endpointslices is forbidden: User x\","
                        + "\"code\":403}"))) {
      ApiFailure failure = failure(api(server.uri(), null).list(null, () -> {}).end());

      assertFalse(failure.isBroken());
      assertEquals(
          server.uri()
              + ": HTTP 403: endpointslices is forbidden: User x (the service account needs a Role"
              + " to list and watch endpointslices in discovery.k8s.io)",
          failure.getMessage());
    }
  }

  @Test
  void serverMayAskForAPause() throws Exception {
    try (RawServer server =
        RawServer.start(
            (socket, out) ->
                RawServer.say(out, "429 Too Many Requests", "Retry-After: 7\r\n", "later"))) {
      ApiFailure failure = failure(api(server.uri(), null).list(null, () -> {}).end());

      assertEquals(Duration.ofSeconds(7), failure.retryAfter());
      assertEquals(server.uri() + ": HTTP 429: later", failure.getMessage());
    }
  }

  @Test
  void expiredVersionIsTold() throws Exception {
    try (RawServer server =
        RawServer.start((socket, out) -> RawServer.say(out, "410 Gone", "", ""))) {
      assertTrue(failure(watch(server).end()).isExpired());
    }
  }

  private void sayAndWait(OutputStream out, CountDownLatch done) throws IOException {
    RawServer.head(out, "200 OK", "");
    out.write(EVENT.getBytes(UTF_8));
    out.flush();
    await(done);
  }

  private static void await(CountDownLatch event) {
    try {
      assertTrue(event.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SliceApi api(URI server, @Nullable Path token) {
    return new HttpSliceApi(
        new ApiConnection(new Credentials(server, null, token, null)), "prod", "greeter");
  }

  private ApiRequest<Boolean> watch(RawServer server) {
    return api(server.uri(), null)
        .watch("5", 250, opened::countDown, () -> {}, events::add, Runnable::run);
  }

  private static String name(EventJson event) {
    SliceJson object = Objects.requireNonNull(event.object());
    return String.valueOf(Objects.requireNonNull(object.metadata()).name());
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static ApiFailure failure(CompletableFuture<?> future) {
    ExecutionException error =
        assertThrows(
            ExecutionException.class, () -> future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    return assertInstanceOf(ApiFailure.class, error.getCause());
  }
}
