package dev.tahini.rpc.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.debug.http.DebugFeature;
import dev.tahini.rpc.debug.http.DebugHttpOptions;
import dev.tahini.rpc.debug.http.DebugHttpServer;
import dev.tahini.rpc.debug.http.DebugPages;
import dev.tahini.rpc.testing.RpcTestCluster;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as a person has it before him: a real browser, real servers. */
@Tag("full")
class DebugPageTest {
  private static final String XSS = "<img src=x onerror=alert(1)>";
  private static final Path PICTURES = Path.of("target", "pictures");

  @TempDir private Path profile = Path.of("");
  private final List<AutoCloseable> open = new ArrayList<>();
  private final DebugFeature feature = new DebugFeature();

  @BeforeEach
  void requireBrowser() {
    Browser.require();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <C extends AutoCloseable> C toBeClosed(C closeable) {
    open.add(closeable);
    return closeable;
  }

  private RpcTestCluster cluster() {
    return toBeClosed(RpcTestCluster.loopback(name -> new TextService(), "a", "b", "c"));
  }

  private RpcClient<Channel> client(RpcTestCluster cluster) {
    RpcClient<Channel> client =
        toBeClosed(cluster.clientBuilder(channel -> channel).feature(feature).build());
    cluster.awaitReady(client);
    return client;
  }

  private static void call(RpcClient<Channel> client, Pick pick, int times) {
    for (int i = 0; i < times; i++) {
      CallOptions options = CallOptions.DEFAULT.withOption(Pick.OPTION, pick);
      assertEquals(
          "x", ClientCalls.blockingUnaryCall(client.channel(), TextService.ECHO, options, "x"));
    }
  }

  private Browser browser(String query) {
    DebugHttpOptions options = DebugHttpOptions.defaults().withPort(0);
    DebugHttpServer server =
        toBeClosed(DebugHttpServer.start(options, DebugPages.of(feature, options)));
    Browser browser = toBeClosed(new Browser(profile));
    browser.open("http://127.0.0.1:" + server.address().getPort() + "/debug/backends" + query);
    return browser;
  }

  private static void assertQuiet(Browser browser) {
    assertEquals(List.of(), browser.console());
    for (String url : browser.requests()) {
      assertTrue(url.startsWith("http://127.0.0.1:") || url.startsWith("data:"), url);
    }
  }

  @Test
  void aDeathAndNewCallsShowWithoutReload() {
    RpcTestCluster cluster = cluster();
    RpcClient<Channel> client = client(cluster);
    Browser browser = browser("");
    browser.until("live", () -> browser.text("#live").equals("live"));
    browser.script("window.sameFromTheStart = true");
    call(client, Pick.address(cluster.backend("a").address()), 7);
    browser.until(
        "seven calls",
        () -> browser.all("tbody td").stream().anyMatch(e -> e.getText().equals("7")));
    List<Duration> untilShown = new ArrayList<>();
    for (String name : List.of("b", "a", "c")) {
      int dead = untilShown.size() + 1;
      Instant killed = Instant.now();
      cluster.backend(name).kill();
      browser.until(name + " fails", () -> browser.all("tr.TRANSIENT_FAILURE").size() == dead);
      untilShown.add(Duration.between(killed, Instant.now()));
      assertTrue(
          browser.all("tr.TRANSIENT_FAILURE").stream()
              .map(WebElement::getText)
              .anyMatch(
                  row -> row.contains(cluster.backend(name).address()) && row.contains("failing")));
    }
    // The quickest of three: the machine may be busy with other things for a while.
    Duration quickest = Collections.min(untilShown);
    assertTrue(quickest.compareTo(Duration.ofSeconds(2)) <= 0, untilShown::toString);
    cluster.remove("c");
    browser.until("c leaves", () -> browser.all(".list tbody tr").size() == 2);
    assertEquals(true, browser.script("return window.sameFromTheStart"));
    assertQuiet(browser);
  }

  @Test
  void columnsSortByMouseAndByKeyboard() {
    RpcTestCluster cluster = cluster();
    RpcClient<Channel> client = client(cluster);
    call(client, Pick.address(cluster.backend("c").address()), 12);
    call(client, Pick.address(cluster.backend("a").address()), 3);
    Browser browser = browser("");
    WebElement started = browser.one("thead a[href*='sort=started']");
    started.click();
    assertTrue(browser.text("tbody tr").startsWith(cluster.backend("c").address()));
    assertEquals("descending", browser.one("th[aria-sort]").getDomAttribute("aria-sort"));
    started.sendKeys(Keys.ENTER);
    assertEquals("ascending", browser.one("th[aria-sort]").getDomAttribute("aria-sort"));
    assertTrue(browser.text("tbody tr").startsWith(cluster.backend("b").address()));
    assertQuiet(browser);
  }

  @Test
  void theFormTellsWhereAKeyGoes() {
    RpcTestCluster cluster = cluster();
    RpcClient<Channel> client = client(cluster);
    String owner = client.view().owners("user-7").get(0).address();
    Browser browser = browser("");
    browser.one("input[name=key]").sendKeys("user-7", Keys.ENTER);
    browser.until("the key", () -> browser.all("section.key").size() == 1);
    assertTrue(browser.text("section.key").contains("goes to " + owner));
    assertEquals(0, cluster.attempts().size());
    assertQuiet(browser);
  }

  @Test
  void searchLeavesTheRowsThatMatch() {
    RpcTestCluster cluster = cluster();
    client(cluster);
    Browser browser = browser("");
    String address = cluster.backend("a").address();
    browser.one("#search").sendKeys(address);
    browser.until(
        "one row",
        () -> browser.all(".list tbody tr").stream().filter(WebElement::isDisplayed).count() == 1);
  }

  @Test
  void namesAndErrorsWithScriptInThemRunNothing() {
    RpcTestCluster cluster = cluster();
    RpcClient<Channel> client = client(cluster);
    cluster.add("x", endpoint -> endpoint.withName(XSS).withAttribute(XSS, XSS));
    cluster.awaitReady(client);
    Browser browser = browser("");
    browser.until("live", () -> browser.text("#live").equals("live"));
    cluster
        .discovery()
        .fail(Status.UNAVAILABLE.withDescription("<script>document.title='run'</script>" + XSS));
    browser.until(
        "the error as text", () -> browser.text(".head").contains("<script>document.title"));
    assertTrue(browser.text(".list tbody").contains(XSS));
    assertEquals(0, browser.all("main img").size());
    assertEquals("Backends", browser.script("return document.title"));
    assertQuiet(browser);
  }

  @Test
  void nobodyIsHinderedSeriously() {
    RpcTestCluster cluster = cluster();
    RpcClient<Channel> client = client(cluster);
    call(client, Pick.leastLoaded(), 20);
    cluster.backend("b").kill();
    Browser browser = browser("?key=k");
    browser.until("b fails", () -> browser.all("tr.TRANSIENT_FAILURE").size() > 0);
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      assertEquals(List.of(), browser.seriousFindings(), scheme);
    }
    browser.resize(400, 800);
    assertEquals(List.of(), browser.seriousFindings(), "on a phone");
    long overflow =
        (Long)
            browser.script(
                "return document.documentElement.scrollWidth"
                    + " - document.documentElement.clientWidth");
    assertTrue(overflow <= 0, overflow + " px too wide for a phone");
  }

  @Test
  void picturesAreTaken() throws IOException {
    RpcTestCluster cluster = cluster();
    RpcClient<Channel> client = client(cluster);
    call(client, Pick.leastLoaded(), 500);
    Browser browser = browser("?key=user-7");
    browser.until("live", () -> browser.text("#live").equals("live"));
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      browser.picture(PICTURES.resolve("3-backends-" + scheme + ".png"));
    }
    cluster.remove("a");
    browser.until("the key's panel has two", () -> browser.all(".key tr.READY").size() == 2);
    cluster.discovery().set(IntStream.range(0, 300).mapToObj(DebugPageTest::unreachable).toList());
    browser.until("300 rows", () -> browser.all(".list tbody tr").size() == 300);
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      browser.picture(PICTURES.resolve("300-backends-" + scheme + ".png"));
    }
  }

  /** Of the addresses that the kit's servers do not have. */
  private static Endpoint unreachable(int i) {
    return Endpoint.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + i));
  }
}
