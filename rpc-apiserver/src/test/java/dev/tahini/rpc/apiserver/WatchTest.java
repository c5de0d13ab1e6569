package dev.tahini.rpc.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {
  private final FakeApiServer server = FakeApiServer.builder().historyLength(5).start();
  private final ApiClient client = new ApiClient(server);

  @AfterEach
  void close() {
    server.close();
  }

  private void put(String name, String address) {
    server.put(FakeSlice.of("prod", "greeter", name).endpoint(FakeEndpoint.of(address)));
  }

  @Test
  void beginsWithAllThereIs() throws Exception {
    put("a", "10.0.0.1");
    try (ApiClient.Watch watch = client.watch("resourceVersion=0")) {
      assertEquals("ADDED a@101", watch.next());
      put("a", "10.0.0.2");
      assertEquals("MODIFIED a@102", watch.next());
      server.delete("prod", "a");
      assertEquals("DELETED a@103", watch.next());
    }
  }

  @Test
  void resumesAfterAVersion() throws Exception {
    put("a", "10.0.0.1");
    put("b", "10.0.0.1");
    put("a", "10.0.0.2");
    try (ApiClient.Watch watch = client.watch("resourceVersion=101")) {
      assertEquals("ADDED b@102", watch.next());
      assertEquals("MODIFIED a@103", watch.next());
    }
  }

  @Test
  void theSameStateAgainIsNoEvent() throws Exception {
    put("a", "10.0.0.1");
    put("a", "10.0.0.1");
    assertEquals(101, server.resourceVersion());
  }

  @Test
  void versionsOutOfTheHistoryAreGone() throws Exception {
    for (int i = 0; i < 7; i++) {
      put("a", "10.0.0." + i);
    }
    try (ApiClient.Watch watch = client.watch("resourceVersion=101")) {
      JsonObject status = watch.event().getAsJsonObject("object");
      assertEquals(410, status.get("code").getAsInt());
      assertEquals("Expired", status.get("reason").getAsString());
      assertEquals("too old resource version: 101 (102)", status.get("message").getAsString());
      assertNull(watch.line());
    }
  }

  @Test
  void compactionLeavesOpenWatches() throws Exception {
    try (ApiClient.Watch open = client.watch("resourceVersion=100")) {
      server.compact();
      put("a", "10.0.0.1");
      assertEquals("ADDED a@102", open.next());
      try (ApiClient.Watch late = client.watch("resourceVersion=100")) {
        assertEquals("ERROR 410", late.next());
      }
    }
  }

  @Test
  void isSilentAtAVersionFromTheFuture() throws Exception {
    try (ApiClient.Watch watch = client.watch("allowWatchBookmarks=true&resourceVersion=102")) {
      server.awaitWatch("prod", "greeter");
      put("a", "10.0.0.1");
      put("a", "10.0.0.2");
      put("a", "10.0.0.3");
      assertEquals("MODIFIED a@103", watch.next());
    }
  }

  @Test
  void aLabelThatLeavesTheSelectorDeletes() throws Exception {
    put("a", "10.0.0.1");
    try (ApiClient.Watch watch = client.watch("resourceVersion=101")) {
      server.put(FakeSlice.of("prod", "other", "a"));
      assertEquals("DELETED a@102", watch.next());
    }
  }

  @Test
  void deletingTheServiceDeletesItsSlices() throws Exception {
    put("a", "10.0.0.1");
    put("b", "10.0.0.1");
    try (ApiClient.Watch watch = client.watch("resourceVersion=102")) {
      server.deleteService("prod", "greeter");
      assertEquals("DELETED a@103", watch.next());
      assertEquals("DELETED b@104", watch.next());
    }
  }

  @Test
  void bookmarksCarryAVersionOnly() throws Exception {
    try (ApiClient.Watch watch = client.watch("allowWatchBookmarks=true&resourceVersion=100")) {
      server.put(FakeSlice.of("prod", "other", "x"));
      server.sendBookmarks();
      JsonObject event = watch.event();
      JsonObject object = event.getAsJsonObject("object");
      assertEquals("BOOKMARK", event.get("type").getAsString());
      assertEquals("101", object.getAsJsonObject("metadata").get("resourceVersion").getAsString());
      assertTrue(object.get("endpoints").isJsonNull());
      assertTrue(object.get("ports").isJsonNull());
    }
  }

  @Test
  void whoDoesNotAllowBookmarksGetsNone() throws Exception {
    try (ApiClient.Watch watch = client.watch("resourceVersion=100")) {
      server.sendBookmarks();
      put("a", "10.0.0.1");
      assertEquals("ADDED a@101", watch.next());
    }
  }

  @Test
  void bookmarksComeByThemselves() throws Exception {
    try (FakeApiServer regular =
            FakeApiServer.builder().bookmarkInterval(Duration.ofMillis(5)).start();
        ApiClient.Watch watch = new ApiClient(regular).watch("allowWatchBookmarks=true")) {
      assertEquals("BOOKMARK @100", watch.next());
      assertEquals("BOOKMARK @100", watch.next());
    }
  }

  @Test
  void endsCleanlyAtItsTimeout() throws Exception {
    try (ApiClient.Watch watch = client.watch("allowWatchBookmarks=true&timeoutSeconds=1")) {
      assertNull(watch.line());
    }
    server.awaitWatches(0);
  }

  @Test
  void theConnectionServesOnAfterACleanEnd() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      server.faults().endWatches();
      assertNull(watch.line());
    }
    assertEquals(200, client.get("").statusCode());
    assertEquals(1, server.openConnections());
  }

  @Test
  void aClientThatLeavesIsNoticed() throws Exception {
    client.watch("").close();
    server.awaitWatches(0);
    server.awaitConnections(0);
  }

  @Test
  void initialEventsAreRefused() throws Exception {
    assertEquals(422, client.get("watch=true&sendInitialEvents=true").statusCode());
  }

  @Test
  void aRestoredBackupCutsAndGoesBack() throws Exception {
    put("a", "10.0.0.1");
    put("a", "10.0.0.2");
    server.setResourceVersion(101);
    assertEquals(504, client.get("resourceVersion=102").statusCode());
    put("a", "10.0.0.3");
    try (ApiClient.Watch watch = client.watch("resourceVersion=101")) {
      assertEquals("MODIFIED a@102", watch.next());
    }
  }
}
