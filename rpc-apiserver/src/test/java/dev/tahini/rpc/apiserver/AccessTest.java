package dev.tahini.rpc.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AccessTest {
  private final FakeApiServer server = FakeApiServer.startTls();
  private final ApiClient client = ApiClient.trusting(server);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whoTrustsItsAuthorityIsServed() throws Exception {
    assertEquals(200, client.get("").statusCode());
  }

  @Test
  void whoDoesNotTrustItIsNot() {
    assertThrows(SSLHandshakeException.class, () -> new ApiClient(server).get(""));
  }

  @Test
  void watchesWorkOverTls() throws Exception {
    try (ApiClient.Watch watch = client.watch("")) {
      server.put(FakeSlice.of("prod", "greeter", "a"));
      assertEquals("ADDED a@101", watch.next());
      server.faults().cutConnections();
      assertThrows(IOException.class, watch::line);
    }
  }

  @Test
  void aKilledServerComesBackOverTls() throws Exception {
    assertEquals(200, client.get("").statusCode());
    server.kill();
    server.restart();
    assertEquals(200, client.get("").statusCode());
  }

  @Test
  void unknownTokensGet401() throws Exception {
    server.access().allow("good");
    assertEquals(401, client.get("").statusCode());
    assertEquals(401, client.token("bad").get("").statusCode());
    assertEquals(200, client.token("good").get("").statusCode());
    assertEquals(List.of("bad"), List.of(String.valueOf(server.requests().get(1).token())));
  }

  @Test
  void rotatedTokensGet401() throws Exception {
    server.access().allow("old", "prod");
    server.access().rotate("old", "new");
    assertEquals(401, client.token("old").get("").statusCode());
    assertEquals(200, client.token("new").get("").statusCode());
  }

  @Test
  void otherNamespacesAreForbidden() throws Exception {
    server.access().allow("t", "test");
    HttpResponse<String> response = client.token("t").get("");
    assertEquals(403, response.statusCode());
    assertEquals(
        "endpointslices.discovery.k8s.io is forbidden: User"
            + " \"system:serviceaccount:prod:default\" cannot list resource \"endpointslices\" in"
            + " API group \"discovery.k8s.io\" in the namespace \"prod\"",
        JsonParser.parseString(response.body()).getAsJsonObject().get("message").getAsString());
  }

  @Test
  void aVerbIsForbidden() throws Exception {
    server.access().forbid(Verb.WATCH);
    assertEquals(200, client.get("").statusCode());
    assertEquals(403, client.get("watch=true").statusCode());
    server.access().permit(Verb.WATCH);
    assertEquals(200, client.get("watch=true&timeoutSeconds=1").statusCode());
  }
}
