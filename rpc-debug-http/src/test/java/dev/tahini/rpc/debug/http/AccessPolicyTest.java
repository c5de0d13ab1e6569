package dev.tahini.rpc.debug.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.net.InetAddresses;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.debug.http.AccessPolicy.Access;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessPolicyTest {
  private static final String TOKEN = "0123456789abcdef";
  private final AccessPolicy token = AccessPolicy.bearerToken(TOKEN, Access.VIEW);

  private static DebugRequest from(String remote, Map<String, String> headers) {
    return new DebugRequest("GET", "/debug/backends", "", headers, InetAddresses.forString(remote));
  }

  private static DebugRequest saying(String authorization) {
    return from("192.0.2.1", Map.of("authorization", authorization));
  }

  @Test
  void loopbackMaySeeEverythingAndOthersNothing() {
    AccessPolicy policy = AccessPolicy.loopbackOnly();
    assertEquals(Access.SENSITIVE, policy.decide(from("127.0.0.1", Map.of())));
    assertEquals(Access.SENSITIVE, policy.decide(from("::1", Map.of())));
    assertEquals(Access.DENIED, policy.decide(from("192.0.2.1", Map.of())));
    assertEquals(Access.DENIED, policy.decide(new DebugRequest("GET", "/", "", Map.of(), null)));
  }

  @Test
  void tokenOpensAsBearerAndAsPassword() {
    assertEquals(Access.VIEW, token.decide(saying("Bearer " + TOKEN)));
    assertEquals(Access.VIEW, token.decide(saying("bearer " + TOKEN)));
    assertEquals(Access.VIEW, token.decide(saying("Basic " + base64("anyone:" + TOKEN))));
  }

  @Test
  void nothingElseDoes() {
    assertEquals(Access.DENIED, token.decide(from("127.0.0.1", Map.of())));
    assertEquals(Access.DENIED, token.decide(saying("")));
    assertEquals(Access.DENIED, token.decide(saying("Bearer")));
    assertEquals(Access.DENIED, token.decide(saying("Bearer " + TOKEN + "0")));
    assertEquals(Access.DENIED, token.decide(saying("Digest " + TOKEN)));
    assertEquals(Access.DENIED, token.decide(saying("Basic %%%")));
    assertEquals(Access.DENIED, token.decide(saying("Basic " + base64("anyone:"))));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void ofTwoPoliciesTheOneThatGrantsMoreCounts() {
    AccessPolicy either = token.or(AccessPolicy.loopbackOnly());
    assertEquals(Access.SENSITIVE, either.decide(from("127.0.0.1", Map.of())));
    assertEquals(Access.VIEW, either.decide(saying("Bearer " + TOKEN)));
    assertEquals(Access.DENIED, either.decide(from("192.0.2.1", Map.of())));
  }

  @Test
  void oneThatThrowsGrantsNothingAndTheOtherIsStillAsked() {
    AccessPolicy broken =
        request -> {
          throw new IllegalStateException("broken");
        };
    assertEquals(
        Access.SENSITIVE,
        broken.or(AccessPolicy.loopbackOnly()).decide(from("127.0.0.1", Map.of())));
  }

  @Test
  void aWeakTokenIsRefusedWithoutBeingTold() {
    InvalidValueException shortOne =
        assertThrows(
            InvalidValueException.class, () -> AccessPolicy.bearerToken("secret", Access.VIEW));
    assertEquals("token: 6 characters (expected: at least 16)", shortOne.getMessage());
    InvalidValueException spaced =
        assertThrows(
            InvalidValueException.class,
            () -> AccessPolicy.bearerToken("secret with many spaces", Access.VIEW));
    assertFalse(String.valueOf(spaced.getMessage()).contains("secret"));
  }
}
