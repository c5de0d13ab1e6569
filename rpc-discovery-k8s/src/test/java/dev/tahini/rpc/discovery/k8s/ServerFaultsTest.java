package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import dev.tahini.rpc.apiserver.SeenRequest;
import dev.tahini.rpc.apiserver.Splitter;
import dev.tahini.rpc.apiserver.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What API servers do, one by one: no pod is lost, none that is gone stays, nothing is emptied. */
class ServerFaultsTest {
  private static final String TARGET = "k8s:///greeter.prod:grpc";

  private FakeApiServer server = FakeApiServer.start();

  @AfterEach
  void closeServer() {
    server.close();
  }

  private KubernetesOptions options() {
    return KubernetesOptions.defaults()
        .withServer(server.uri())
        .withDebounce(Duration.ofMillis(5))
        .withIdleLimit(Duration.ofMillis(300))
        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(50));
  }

  /** One that takes a silence of 300 ms for a fault. */
  private WatchedTarget impatient() {
    return WatchedTarget.watch(new KubernetesDiscovery(options()), TARGET);
  }

  private WatchedTarget patient() {
    return WatchedTarget.watch(
        new KubernetesDiscovery(options().withIdleLimit(Duration.ofMinutes(1))), TARGET);
  }

  /** A patient watch of one pod. */
  private WatchedTarget watching() {
    put("a", "10.0.0.1");
    WatchedTarget watch = patient();
    watch.awaitAddresses("10.0.0.1:80");
    server.awaitWatch("prod", "greeter");
    return watch;
  }

  private void put(String slice, String... addresses) {
    server.put(
        FakeSlice.of("prod", "greeter", slice)
            .port("grpc", 80)
            .endpoints(List.of(addresses).stream().map(FakeEndpoint::of).toList()));
  }

  @Test
  void manySlicesComeInParts() {
    for (int i = 0; i < 250; i++) {
      put("s" + i, "10.0." + i + ".1");
    }
    server.faults().expireNextContinue();
    try (WatchedTarget watch = patient()) {
      watch.await(() -> "250 pods", () -> watch.addresses().size() == 250);

      assertEquals(1, watch.lists().size(), "not part by part");
      assertEquals(0, watch.errors(), "that a part has expired is no news");
    }
  }

  @Test
  void expiredVersionIsFollowedByAList() {
    try (WatchedTarget watch = watching()) {
      server.faults().refuseConnections();
      server.faults().cutConnections();
      put("a", "10.0.0.2");
      put("b", "10.0.0.3");
      server.delete("prod", "a");
      server.compact();
      server.faults().acceptConnections();

      watch.awaitAddresses("10.0.0.3:80");
      assertTrue(watch.lists().stream().noneMatch(List::isEmpty), "through empty");
    }
  }

  @Test
  void serverThatWasSetBackIsListedAnew() {
    put("a", "10.0.0.1");
    for (int i = 0; i < 50; i++) {
      put("filler", "10.0.0." + (2 + i % 2));
    }
    try (WatchedTarget watch = impatient()) {
      watch.awaitAddresses("10.0.0.1:80", "10.0.0.3:80");
      server.setResourceVersion(10);
      put("b", "10.0.0.9");

      watch.awaitAddresses("10.0.0.1:80", "10.0.0.3:80", "10.0.0.9:80");
    }
  }

  /** As of an OutOfMemoryError: the thread that the JDK's client does all its work on. */
  @Test
  void deadHttpClientIsReplaced() {
    Set<Thread> others = Thread.getAllStackTraces().keySet();
    put("a", "10.0.0.1");
    try (WatchedTarget watch = impatient()) {
      watch.awaitAddresses("10.0.0.1:80");
      Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> !others.contains(thread))
          .filter(thread -> thread.getName().contains("SelectorManager"))
          .forEach(Thread::interrupt);
      put("a", "10.0.0.2");

      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void bookmarkIsWhereTheNextWatchGoesOn() {
    try (WatchedTarget watch = watching()) {
      server.put(FakeSlice.of("prod", "other", "x").port("grpc", 80));
      String version = String.valueOf(server.resourceVersion());
      Instant before = watch.lastConfirmed();
      server.sendBookmarks();
      watch.await(() -> "the bookmark", () -> !Objects.equals(before, watch.lastConfirmed()));
      server.faults().endWatches();
      server.awaitRequests(
          seen ->
              seen.stream()
                  .map(SeenRequest::toString)
                  .anyMatch(
                      each ->
                          each.contains("resourceVersion=" + version)
                              || each.contains("resourceVersion, " + version)));

      put("a", "10.0.0.2");
      watch.awaitAddresses("10.0.0.2:80");
      assertEquals(1, server.listCount());
    }
  }

  @Test
  void watchThatStaysOpenThroughAGracefulStopIsHeard() {
    try (WatchedTarget watch = watching()) {
      server.gracefulStop();
      put("a", "10.0.0.2");
      watch.awaitAddresses("10.0.0.2:80");
      server.kill();
      server.restart();
      put("a", "10.0.0.3");

      watch.awaitAddresses("10.0.0.3:80");
    }
  }

  @Test
  void killedServerIsFoundAgain() {
    try (WatchedTarget watch = watching()) {
      server.kill();
      watch.awaitErrors(1);
      assertTrue(watch.lastError().contains("refused"), watch.lastError());
      put("a", "10.0.0.2");
      server.restart();

      watch.awaitAddresses("10.0.0.2:80");
      assertEquals(2, watch.lists().size());
    }
  }

  @Test
  void halfOpenWatchIsMadeAgain() {
    put("a", "10.0.0.1");
    try (WatchedTarget watch = impatient()) {
      watch.awaitAddresses("10.0.0.1:80");
      server.awaitWatch("prod", "greeter");
      server.faults().muteWatches();
      put("a", "10.0.0.2");

      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void pausedServerEmptiesNothing() {
    put("a", "10.0.0.1");
    try (WatchedTarget watch = impatient()) {
      watch.awaitAddresses("10.0.0.1:80");
      server.faults().stall();
      put("a", "10.0.0.2");
      watch.awaitErrors(1);
      assertTrue(watch.lastError().contains("nothing was heard for 300 ms"), watch.lastError());
      assertEquals(1, watch.lists().size());
      server.faults().unstall();

      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void rotatedTokenIsTaken(@TempDir Path folder) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "old");
    server.access().allow("old");
    put("a", "10.0.0.1");
    try (WatchedTarget watch =
        WatchedTarget.watch(new KubernetesDiscovery(options().withTokenFile(token)), TARGET)) {
      watch.awaitAddresses("10.0.0.1:80");
      server.access().rotate("old", "new");
      server.faults().cutConnections();
      watch.awaitErrors(1);
      assertTrue(watch.lastError().contains("HTTP 401"), watch.lastError());
      put("a", "10.0.0.2");
      Files.writeString(token, "new");

      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void missingRightIsNamed() {
    server.access().allow("other", "elsewhere");
    server.access().forbid(Verb.LIST);
    try (WatchedTarget watch = patient()) {
      watch.awaitErrors(3);

      assertTrue(
          watch.lastError().contains("HTTP 40")
              && watch.lastError().contains("list and watch endpointslices"),
          watch.lastError());
      assertEquals(List.of(), watch.lists());
    }
  }

  @Test
  void watchThatIsNotAllowedIsTold() {
    server.access().forbid(Verb.WATCH);
    put("a", "10.0.0.1");
    try (WatchedTarget watch = patient()) {
      watch.awaitAddresses("10.0.0.1:80");
      watch.awaitErrors(1);
      assertTrue(watch.lastError().contains("HTTP 403"), watch.lastError());
      server.access().permit(Verb.WATCH);
      put("a", "10.0.0.2");

      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void busyServerIsLeftAloneAndAskedAgain() {
    server.faults().failNext(3, 429, "TooManyRequests", "later", null);
    server.faults().failNext(3, 503, "ServiceUnavailable", "not yet", null);
    put("a", "10.0.0.1");
    try (WatchedTarget watch = patient()) {
      watch.awaitAddresses("10.0.0.1:80");

      assertTrue(watch.errors() >= 6, () -> watch.errors() + " errors");
    }
  }

  @Test
  void deletedServiceEmptiesTheList() {
    try (WatchedTarget watch = watching()) {
      server.deleteService("prod", "greeter");
      watch.awaitAddresses();
      put("a", "10.0.0.2");

      watch.awaitAddresses("10.0.0.2:80");
      assertEquals(3, watch.lists().size(), watch.lists()::toString);
    }
  }

  @Test
  void bytesMayBeCutAnywhere() {
    server.faults().chunking(Splitter.everyByte());
    put("a", "10.0.0.1");
    try (WatchedTarget watch = patient()) {
      watch.awaitAddresses("10.0.0.1:80");
      server.awaitWatch("prod", "greeter");
      server.put(
          FakeSlice.of("prod", "greeter", "b")
              .port("grpc", 80)
              .endpoint(FakeEndpoint.of("10.0.0.2").zone("größe-💡")));

      watch.awaitAddresses("10.0.0.1:80", "10.0.0.2:80");
      assertTrue(watch.endpoints().toString().contains("größe-💡"), watch.endpoints()::toString);
    }
  }

  @Test
  void eventsOfALaterApiAreIgnored() {
    try (WatchedTarget watch = watching()) {
      server.faults().sendUnknownEvent("PROGRESS");
      put("a", "10.0.0.2");

      watch.awaitAddresses("10.0.0.2:80");
      assertEquals(1, server.listCount());
    }
  }

  @Test
  void garbledWatchIsMadeAnewFromAList() {
    for (Runnable fault :
        List.<Runnable>of(
            () -> server.faults().sendLine("this is no event"),
            () -> server.faults().sendLongLine(11 << 20),
            () -> server.faults().sendEndlessLine(64 << 20),
            () -> server.faults().sendErrorEvent(500, "InternalError", "scripted"))) {
      try (WatchedTarget watch = watching()) {
        fault.run();
        watch.awaitErrors(1);
        put("a", "10.0.0.2");

        watch.awaitAddresses("10.0.0.2:80");
        assertEquals(2, watch.lists().size());
      }
    }
  }

  @Test
  void certificateIsVerified(@TempDir Path folder) throws IOException {
    server.close();
    server = FakeApiServer.startTls();
    put("a", "10.0.0.1");
    Path ca = Files.writeString(folder.resolve("ca.crt"), server.caCertificatePem());
    try (WatchedTarget trusting =
            WatchedTarget.watch(new KubernetesDiscovery(options().withCa(ca)), TARGET);
        WatchedTarget strange = patient()) {
      trusting.awaitAddresses("10.0.0.1:80");
      strange.awaitErrors(1);
      assertEquals(List.of(), strange.lists());
    }
  }

  @Test
  void fiveThousandEndpointsAreListedAndChanged() {
    for (int i = 0; i < 50; i++) {
      int slice = i;
      put(
          "s" + i,
          IntStream.range(0, 100)
              .mapToObj(j -> "10.1." + slice + "." + (j + 1))
              .toArray(String[]::new));
    }
    try (WatchedTarget watch = patient()) {
      watch.await(() -> "5,000 pods", () -> watch.addresses().size() == 5_000);
      server.awaitWatch("prod", "greeter");
      put("s7", "10.9.9.9");

      watch.await(() -> "4,901 pods", () -> watch.addresses().size() == 4_901);
      assertEquals(2, watch.lists().size());
    }
  }
}
