package dev.tahini.rpc.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListTest {
  private final FakeApiServer server = FakeApiServer.start();
  private final ApiClient client = new ApiClient(server);

  @AfterEach
  void close() {
    server.close();
  }

  private void put(String name) {
    server.put(FakeSlice.of("prod", "greeter", name).port("grpc", 50051));
  }

  private static String continueOf(JsonObject list) {
    return list.getAsJsonObject("metadata").get("continue").getAsString();
  }

  @Test
  void showsTheSlicesOfTheServiceInTheNamespace() throws Exception {
    put("a");
    server.put(FakeSlice.of("prod", "other", "b"));
    server.put(FakeSlice.of("test", "greeter", "c"));
    assertEquals(List.of("a"), ApiClient.names(client.list(ApiClient.GREETER)));
    assertEquals(1, server.listCount());
  }

  @Test
  void itemsLookLikeARealServers() throws Exception {
    server.put(
        FakeSlice.of("prod", "greeter", "a")
            .port("grpc", 50051)
            .endpoint(
                FakeEndpoint.of("10.0.0.1").ready(null).zone("z").node("n").pod("p").hints("z")));
    JsonObject list = client.list(ApiClient.GREETER);
    JsonObject item = list.getAsJsonArray("items").get(0).getAsJsonObject();
    assertEquals("EndpointSliceList", list.get("kind").getAsString());
    assertFalse(item.has("kind"));
    assertEquals(
        JsonParser.parseString(
            "[{'addresses':['10.0.0.1'],'conditions':{'serving':true,'terminating':false},"
                + "'nodeName':'n','zone':'z',"
                + "'targetRef':{'kind':'Pod','namespace':'prod','name':'p'},"
                + "'hints':{'forZones':[{'name':'z'}]}}]"),
        item.get("endpoints"));
    JsonObject metadata = item.getAsJsonObject("metadata");
    assertTrue(
        metadata
            .keySet()
            .containsAll(
                List.of("name", "namespace", "uid", "generation", "labels", "managedFields")));
  }

  @Test
  void noEndpointsAreNull() throws Exception {
    put("a");
    JsonObject item = client.list("").getAsJsonArray("items").get(0).getAsJsonObject();
    assertTrue(item.get("endpoints").isJsonNull());
  }

  @Test
  void pagesAreOfOneVersion() throws Exception {
    List.of("a", "b", "c").forEach(this::put);
    JsonObject first = client.list("limit=2");
    server.delete("prod", "c");
    put("d");
    JsonObject second = client.list("limit=2&continue=" + continueOf(first));
    List<String> names = new ArrayList<>(ApiClient.names(first));
    names.addAll(ApiClient.names(second));
    assertEquals(List.of("a", "b", "c"), names);
    assertEquals(1, first.getAsJsonObject("metadata").get("remainingItemCount").getAsInt());
    assertEquals(
        first.getAsJsonObject("metadata").get("resourceVersion"),
        second.getAsJsonObject("metadata").get("resourceVersion"));
    assertFalse(second.getAsJsonObject("metadata").has("continue"));
  }

  @Test
  void aContinueTokenExpires() throws Exception {
    List.of("a", "b", "c").forEach(this::put);
    String token = continueOf(client.list("limit=2"));
    server.compact();
    HttpResponse<String> response = client.get("limit=2&continue=" + token);
    JsonObject status = JsonParser.parseString(response.body()).getAsJsonObject();
    assertEquals(410, response.statusCode());
    assertEquals("Expired", status.get("reason").getAsString());
    JsonObject rest = client.list("limit=2&continue=" + continueOf(status));
    assertEquals(List.of("c"), ApiClient.names(rest));
  }

  @Test
  void aContinueTokenExpiresWhenTold() throws Exception {
    List.of("a", "b").forEach(this::put);
    String query = "limit=1&continue=" + continueOf(client.list("limit=1"));
    server.faults().expireNextContinue();
    assertEquals(410, client.get(query).statusCode());
    assertEquals(200, client.get(query).statusCode());
  }

  @Test
  void versionsFromTheFutureTimeOut() throws Exception {
    HttpResponse<String> response = client.get("resourceVersion=999");
    assertEquals(504, response.statusCode());
    assertTrue(response.body().contains("\"Too large resource version: 999, current: 100\""));
    assertTrue(response.body().contains("\"reason\":\"Timeout\""));
  }

  @Test
  void olderStatesAreThereUntilForgotten() throws Exception {
    put("a");
    long then = server.resourceVersion();
    put("b");
    String query = "resourceVersionMatch=Exact&resourceVersion=" + then;
    assertEquals(List.of("a"), ApiClient.names(client.list(query)));
    server.compact();
    assertEquals(410, client.get(query).statusCode());
  }

  @Test
  void selectorsKnowEqualityOnly() throws Exception {
    put("a");
    server.put(FakeSlice.of("prod", "greeter", "b").label("x", "1"));
    assertEquals(List.of("a"), ApiClient.names(client.list(ApiClient.GREETER + ",x!%3D1")));
    assertEquals(400, client.get("labelSelector=x+in+(1)").statusCode());
  }

  @Test
  void fiveThousandEndpointsAreListed() throws Exception {
    for (int slice = 0; slice < 50; slice++) {
      List<FakeEndpoint> endpoints = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        endpoints.add(FakeEndpoint.of("10.1." + slice + "." + i).pod("pod-" + slice + "-" + i));
      }
      server.put(FakeSlice.of("prod", "greeter", "s" + slice).endpoints(endpoints));
    }
    assertEquals(50, client.list(ApiClient.GREETER).getAsJsonArray("items").size());
  }

  @Test
  void otherPathsAreSane() throws Exception {
    assertEquals(404, status("/api/v1/pods"));
    assertEquals(200, status("/version"));
    assertEquals(200, status("/apis"));
  }

  private int status(String path) throws Exception {
    return client
        .http()
        .send(
            HttpRequest.newBuilder(server.uri().resolve(path)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
