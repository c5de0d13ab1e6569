package dev.tahini.rpc.tests.debug;

import static dev.tahini.rpc.tests.Probes.ASK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.net.InetAddresses;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.debug.http.AccessPolicy;
import dev.tahini.rpc.debug.http.AccessPolicy.Access;
import dev.tahini.rpc.debug.http.DebugFeature;
import dev.tahini.rpc.debug.http.DebugHttpOptions;
import dev.tahini.rpc.debug.http.DebugPages;
import dev.tahini.rpc.debug.http.DebugRequest;
import dev.tahini.rpc.debug.http.DebugResponse;
import dev.tahini.rpc.retry.RetryFeature;
import dev.tahini.rpc.testing.RpcTestCluster;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.Probes;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page says of clients, without a server before it. */
final class DebugPagesTest {
  private static final String XSS = "<img src=x onerror=alert(1)>";
  private static final String SECRET = "<script>alert('secret')</script>";

  @AutoClose private final RpcTestCluster cluster = Fleet.of(3);

  private final DebugFeature feature = new DebugFeature();

  @AutoClose
  private final RpcClient<ProbeBlockingStub> client =
      cluster.clientBuilder(ProbeGrpc::newBlockingStub).feature(feature).build();

  private final DebugPages pages = pages(AccessPolicy.loopbackOnly());
  private final DebugPages redacted = pages(request -> Access.VIEW);

  private DebugPages pages(AccessPolicy access) {
    return DebugPages.of(feature, DebugHttpOptions.defaults().withAccess(access));
  }

  private static DebugRequest request(String method, String path, String query, String host) {
    return new DebugRequest(
        method, path, query, Map.of("Host", host), InetAddresses.forString("127.0.0.1"));
  }

  private static DebugRequest get(String path, String query) {
    return request("GET", path, query, "localhost:8095");
  }

  private static String text(DebugResponse response) {
    return new String(response.body(), UTF_8);
  }

  private String html(String query) {
    DebugResponse response = pages.answer(get("/debug/backends", query));
    assertEquals(200, response.status(), () -> text(response));
    return text(response);
  }

  private static JsonObject json(DebugPages pages, String query) {
    String text = text(pages.answer(get("/debug/backends.json", query)));
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static JsonArray backends(JsonObject report) {
    JsonObject client = report.getAsJsonArray("clients").get(0).getAsJsonObject();
    return client.getAsJsonArray("backends");
  }

  private static JsonObject backend(JsonObject report, String address) {
    for (var each : backends(report)) {
      if (each.getAsJsonObject().get("backend").getAsString().equals(address)) {
        return each.getAsJsonObject();
      }
    }
    throw new AssertionError(address + " is not in " + report);
  }

  @Test
  void tellsWhatEachBackendDid() {
    cluster.awaitReady(client);
    String address = cluster.backend("s0").address();
    ProbeBlockingStub stub = client.stub(Pick.address(address));
    for (int i = 0; i < 10; i++) {
      assertNotNull(stub.ask(ASK));
    }
    Status failure = Probes.failure(() -> stub.ask(Probes.fail(Status.Code.INTERNAL)));
    assertEquals(Status.Code.INTERNAL, failure.getCode());
    JsonObject report = json(pages, "");
    assertEquals(1, report.get("schema").getAsInt());
    JsonObject backend = backend(report, address);
    assertEquals("READY", backend.get("state").getAsString());
    assertEquals(11, backend.get("started").getAsInt());
    assertEquals(10, backend.get("succeeded").getAsInt());
    assertEquals(1, backend.getAsJsonObject("failed").get("INTERNAL").getAsInt());
    assertEquals(11, backend.getAsJsonObject("latency").get("count").getAsInt());
    assertTrue(backend.getAsJsonObject("latency").get("p99Nanos").getAsLong() > 0);
    assertEquals(11, sum(backend.getAsJsonObject("steps").getAsJsonArray("ended")));
    assertEquals(1, sum(backend.getAsJsonObject("steps").getAsJsonArray("failed")));
    assertTrue(html("").contains("1: 1 INTERNAL"));
  }

  @Test
  void callsThatFindNoBackendAreCountedAsFailed() {
    cluster.discovery().empty();
    Status failure = Probes.failure(() -> client.stub().ask(ASK));
    assertEquals(Status.Code.UNAVAILABLE, failure.getCode());
    JsonObject report = json(pages, "").getAsJsonArray("clients").get(0).getAsJsonObject();
    assertEquals(1, report.get("callsStarted").getAsInt());
    assertEquals(1, report.getAsJsonObject("callsEnded").get("UNAVAILABLE").getAsInt());
    assertTrue(html("").contains("1 started, 1 failed"));
  }

  @Test
  void theRetryBudgetIsShown() {
    try (RpcClient<ProbeBlockingStub> retrying =
        cluster
            .clientBuilder(ProbeGrpc::newBlockingStub)
            .feature(feature)
            .feature(new RetryFeature())
            .build()) {
      assertNotNull(retrying.stub().ask(ASK));
      assertTrue(html("").contains("retry budget balance"));
      assertTrue(
          text(pages.answer(get("/debug/backends/metrics", "")))
              .contains("tahini_retry_budget_balance{client=\"2\""));
    }
  }

  private static int sum(JsonArray numbers) {
    int sum = 0;
    for (var each : numbers) {
      sum += each.getAsInt();
    }
    return sum;
  }

  @Test
  void aBackendThatDiesIsSaidToFailAndWhy() {
    cluster.awaitReady(client);
    cluster.backend("s1").kill();
    String address = cluster.backend("s1").address();
    Await.until(
        () -> "b fails: " + json(pages, ""),
        () ->
            backend(json(pages, ""), address)
                .get("state")
                .getAsString()
                .equals("TRANSIENT_FAILURE"));
    assertTrue(html("").contains("cannot be connected"));
    assertTrue(html("").contains(address + "</b>")); // in the list of changes
    assertFalse(text(redacted.answer(get("/debug/backends", ""))).contains(address));
  }

  @Test
  void namesAndErrorsRunNothing() {
    cluster.add("x", endpoint -> endpoint.withName(XSS).withAttribute("note", XSS));
    cluster.awaitReady(client);
    String id = backend(json(pages, ""), cluster.backend("x").address()).get("id").getAsString();
    cluster.discovery().fail(Status.UNAVAILABLE.withDescription(SECRET));
    for (String query : new String[] {"", "backend=" + id, "key=" + XSS.replace(" ", "%20")}) {
      String page = html(query);
      assertFalse(page.contains("<img"), page);
      assertFalse(page.contains("<script>alert"), page);
      assertTrue(page.contains("&lt;img"), page);
    }
    String event = new String(stream(pages).next(), UTF_8);
    assertFalse(event.contains("<"), event);
  }

  private static DebugResponse.Events stream(DebugPages pages) {
    DebugResponse.Events events = pages.answer(get("/debug/backends/stream", "")).events();
    assertNotNull(events);
    return events;
  }

  @Test
  void whoMayOnlyViewSeesNoAddressNoAttributeAndNoError() {
    cluster.add("x", endpoint -> endpoint.withAttribute("note", "attribute-of-x"));
    cluster.awaitReady(client);
    cluster.discovery().fail(Status.UNAVAILABLE.withDescription(SECRET));
    String address = cluster.backend("s0").address();
    for (String path : new String[] {"", ".json", "/metrics"}) {
      String open = text(pages.answer(get("/debug/backends" + path, "key=k")));
      String hidden = text(redacted.answer(get("/debug/backends" + path, "key=k")));
      assertTrue(open.contains(address), open);
      assertFalse(hidden.contains(address), hidden);
      assertFalse(hidden.contains("attribute-of-x"), hidden);
      assertFalse(hidden.contains("secret"), hidden);
    }
    assertFalse(new String(stream(redacted).next(), UTF_8).contains(address));
  }

  @Test
  void aPolicyThatThrowsDenies() {
    DebugPages broken =
        pages(
            request -> {
              throw new IllegalStateException("broken");
            });
    assertEquals(403, broken.answer(get("/debug/backends", "")).status());
  }

  @Test
  void whoHasNoTokenIsAskedForIt() {
    DebugPages secured = pages(AccessPolicy.bearerToken("0123456789abcdef", Access.VIEW));
    DebugResponse response = secured.answer(get("/debug/backends", ""));
    assertEquals(401, response.status());
    assertTrue(response.headers().containsKey("WWW-Authenticate"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, '', localhost, 404",
    "GET, /debug/backends/, '', localhost, 404",
    "GET, /debug/backends/other, '', localhost, 404",
    "GET, /debug/backends, colour=red, localhost, 400",
    "GET, /debug/backends, refresh=0, localhost, 400",
    "GET, /debug/backends, refresh=soon, localhost, 400",
    "GET, /debug/backends, sort=colour, localhost, 400",
    "GET, /debug/backends, key=a&key=b, localhost, 400",
    "GET, /debug/backends, key=%zz, localhost, 400",
    "GET, /debug/backends.json, colour=red, localhost, 400",
    "GET, /debug/backends/stream, colour=red, localhost, 400",
    "POST, /debug/backends, '', localhost, 405",
    "DELETE, /debug/backends, '', localhost, 405",
    "GET, /debug/backends, '', evil.example, 421",
    "GET, /debug/backends, '', '', 421",
    "GET, /debug/backends, '', 127.0.0.1:1, 200",
    "HEAD, /debug/backends, '', localhost, 200",
    "GET, /debug/backends, target=none, localhost, 200"
  })
  void answers(String method, String path, String query, String host, int status) {
    DebugResponse response = pages.answer(request(method, path, query, host));
    assertEquals(status, response.status(), () -> text(response));
    assertEquals("nosniff", response.headers().get("X-Content-Type-Options"));
    assertEquals("no-store", response.headers().get("Cache-Control"));
    assertEquals("no-referrer", response.headers().get("Referrer-Policy"));
  }

  @Test
  void aBadQueryIsToldWhatIsExpected() {
    assertEquals(
        "refresh: soon (expected: 1 to 3600)\n",
        text(pages.answer(get("/debug/backends", "refresh=soon"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backend",
        "name",
        "zone",
        "weight",
        "state",
        "in-flight",
        "started",
        "succeeded",
        "failed",
        "p50",
        "p90",
        "p99",
        "keys"
      })
  void everyColumnSorts(String column) {
    cluster.awaitReady(client);
    assertTrue(html("sort=" + column).contains("aria-sort"));
  }

  @Test
  void sortsTheBusiestFirst() {
    cluster.awaitReady(client);
    String busy = cluster.backend("s2").address();
    assertNotNull(client.stub(Pick.address(busy)).ask(ASK));
    JsonObject first = backends(json(pages, "sort=started")).get(0).getAsJsonObject();
    assertEquals(busy, first.get("backend").getAsString());
  }

  @Test
  void aThousandBackendsAreLessThanHalfAMegabyte() {
    cluster.discovery().set(IntStream.range(0, 1_000).mapToObj(DebugPagesTest::pod).toList());
    cluster.discovery().awaitApplied();
    assertEquals(1_000, backends(json(pages, "")).size());
    int bytes = html("").getBytes(UTF_8).length;
    assertTrue(bytes < 500_000, bytes + " bytes");
  }

  /** Where nobody listens. */
  private static Endpoint pod(int i) {
    return Endpoint.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + i))
        .withName("greeter-7d9c5b6f4-x" + i)
        .withZone("europe-west1-b");
  }

  @Test
  void tellsWhereAKeyGoes() {
    cluster.awaitReady(client);
    String owner = client.view().owners("user-7").get(0).address();
    JsonObject key =
        json(pages, "key=user-7")
            .getAsJsonArray("clients")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("key");
    assertEquals(3, key.getAsJsonArray("owners").size());
    JsonObject first = key.getAsJsonArray("owners").get(0).getAsJsonObject();
    assertEquals(owner, first.get("backend").getAsString());
    assertTrue(key.getAsJsonArray("picks").toString().contains("goes to " + owner));
    assertTrue(html("key=user-7").contains("goes to " + owner));
    assertEquals(0, cluster.attempts().size());
  }

  @Test
  void sharesAreShownOnceAKeyWasAskedFor() {
    cluster.awaitReady(client);
    String address = cluster.backend("s0").address();
    assertTrue(backend(json(pages, ""), address).get("share").isJsonNull());
    assertNotNull(client.stub(Pick.shard("k")).ask(ASK));
    assertEquals(
        client.view().shares().get(address),
        backend(json(pages, ""), address).get("share").getAsDouble());
  }

  @Test
  void anEventHasOnlyTheRowsThatChanged() {
    cluster.awaitReady(client);
    DebugResponse.Events events = stream(pages);
    assertEquals(3, rows(events.next()));
    String address = cluster.backend("s0").address();
    assertNotNull(client.stub(Pick.address(address)).ask(ASK));
    String second = new String(events.next(), UTF_8);
    assertTrue(second.contains(address), second);
  }

  private static int rows(byte[] event) {
    String data = new String(event, UTF_8).substring("data: ".length());
    JsonObject client =
        JsonParser.parseString(data)
            .getAsJsonObject()
            .getAsJsonArray("clients")
            .get(0)
            .getAsJsonObject();
    assertEquals(3, client.getAsJsonArray("ids").size());
    return client.getAsJsonArray("rows").size();
  }

  @Test
  void metricsAreInPrometheusFormat() {
    cluster.awaitReady(client);
    String address = cluster.backend("s0").address();
    assertNotNull(client.stub(Pick.address(address)).ask(ASK));
    String metrics = text(pages.answer(get("/debug/backends/metrics", "")));
    String labels = "backend=\"" + address + "\",client=\"1\",";
    assertTrue(metrics.contains("tahini_backend_started_total{" + labels), metrics);
    assertTrue(metrics.contains("tahini_backend_latency_seconds{" + labels), metrics);
    assertTrue(metrics.contains("tahini_client_backends{client=\"1\",state=\"ready\""), metrics);
  }

  @Test
  void aTargetOfAThousandAddressesIsCutWhereItWouldRepeat() {
    String target =
        IntStream.range(0, 1_000)
            .mapToObj(i -> "127.0.0.1:" + (1 + i))
            .collect(Collectors.joining(",", "static:///", ""));
    try (RpcClient<ProbeBlockingStub> many =
        RpcClient.builder(target, ProbeGrpc::newBlockingStub)
            .plaintext()
            .feature(feature)
            .build()) {
      assertEquals(target, many.target().toString());
      String page = html("");
      assertTrue(page.contains("target=2\">static:///127.0.0.1:1,127"), page);
      assertEquals(1_000, backends(json(pages, "target=2")).size());
      assertTrue(html("").length() < 500_000);
      int metrics = pages.answer(get("/debug/backends/metrics", "target=2")).body().length;
      assertTrue(metrics < 2_000_000, metrics + " bytes");
    }
  }

  @Test
  void closedClientsLeaveThePage() {
    cluster.awaitReady(client);
    RpcClient<ProbeBlockingStub> other =
        cluster.clientBuilder(ProbeGrpc::newBlockingStub).feature(feature).build();
    assertEquals(2, json(pages, "").getAsJsonArray("clients").size());
    other.close();
    assertEquals(1, json(pages, "").getAsJsonArray("clients").size());
  }
}
