package dev.tahini.rpc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the builder of a client refuses. */
final class BadOptionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a b:80",
        "greeter:",
        "greeter:0",
        "greeter:65536",
        "greeter:99999999999",
        "greeter:-1",
        "[::1:80",
        "[10.0.0.1]:80",
        "static://10.0.0.1:80",
        "static:///",
        "static:///10.0.0.1:80,",
        "list:///a:1,b:2",
        "1x:///greeter:80",
        "greeter:80?family",
        "greeter:80?a=1&a=2",
        "gre\u00eb ter:80"
      })
  void targetOutsideOfTheGrammarIsRefusedNamingItAndTheGrammar(String target) {
    InvalidValueException refusal =
        assertThrows(
            InvalidValueException.class,
            () -> RpcClient.builder(target, ProbeGrpc::newBlockingStub));

    String message = String.valueOf(refusal.getMessage());
    Expect.contains("target: " + (target.isEmpty() ? "\"\"" : target) + ": ", message);
    Expect.contains(
        "(expected: [scheme://[authority]/]host[:port][?key=value&...], or"
            + " static:///host:port,host:port)",
        message);
  }

  @ParameterizedTest
  @CsvSource({
    "k8s:///greeter:80, one of the schemes [static]; is its discovery installed?",
    "greeter.prod:80, 'static:///greeter.prod:80, or an installed discovery for targets without a"
        + " scheme'",
    "static:///10.0.0.1, 'host:port with a number for the port, in static:///10.0.0.1'",
    "static:///10.0.0.1:grpc, 'host:port with a number for the port, in static:///10.0.0.1:grpc'",
    "static:///10.0.0.1:80?family=v4, empty: a static target has none"
  })
  void targetThatNoDiscoveryServesIsRefusedAtBuild(String target, String expected) {
    assertRefused("(expected: " + expected + ")", plaintext(target));
  }

  @Test
  void discoveryServesItsOwnSchemeOnly() {
    assertRefused(
        "target: other:///greeter:80 (expected: one of the schemes [list, static]; is its discovery"
            + " installed?)",
        plaintext("other:///greeter:80").discovery(new TestDiscovery("list")));
  }

  @Test
  void twoDiscoveriesOfOneSchemeAreRefused() {
    assertRefused(
        "scheme: list (expected: that of one discovery, not both ",
        plaintext("list:///greeter:80")
            .discovery(new TestDiscovery("list"))
            .discovery(new TestDiscovery("list")));
  }

  @Test
  void credentialsGivenTwiceAreRefused() {
    RpcClient.Builder<ProbeBlockingStub> builder = plaintext("greeter:80");

    InvalidValueException refusal =
        assertThrows(
            InvalidValueException.class,
            () -> builder.credentials(InsecureChannelCredentials.create()));

    assertEquals(
        "credentials: given twice (expected: plaintext() or credentials(...) once)",
        refusal.getMessage());
  }

  @Test
  void negativeGracePeriodIsRefused() {
    RpcClient.Builder<ProbeBlockingStub> builder = plaintext("greeter:80");

    InvalidValueException refusal =
        assertThrows(
            InvalidValueException.class, () -> builder.gracePeriod(Duration.ofSeconds(-1)));

    assertEquals("gracePeriod: PT-1S (expected: zero or more)", refusal.getMessage());
  }

  @Test
  void pickerOfALibrarysNameIsRefused() {
    assertRefused(
        "picker: random (expected: ",
        plaintext("static:///127.0.0.1:1").picker(new Named("random")));
  }

  @Test
  void twoPickersOfOneNameAreRefused() {
    assertRefused(
        "picker: mine (expected: each name once)",
        plaintext("static:///127.0.0.1:1").picker(new Named("mine")).picker(new Named("mine")));
  }

  private record Named(String name) implements Picker.Factory {
    @Override
    public Picker create(Picker.Backends backends) {
      return request -> null;
    }
  }

  private static RpcClient.Builder<ProbeBlockingStub> plaintext(String target) {
    return RpcClient.<ProbeBlockingStub>builder(target, ProbeGrpc::newBlockingStub).plaintext();
  }

  private static void assertRefused(String message, RpcClient.Builder<?> builder) {
    InvalidValueException refusal = assertThrows(InvalidValueException.class, builder::build);
    Expect.contains(message, refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "host:0", "host/path"})
  void authorityThatIsNoneIsRefused(String authority) {
    assertThrows(
        InvalidValueException.class, () -> plaintext("static:///127.0.0.1:1").authority(authority));
  }
}
