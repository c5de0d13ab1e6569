package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "greeter.prod",
        "greeter.prod:8080",
        "greeter.prod:grpc",
        "10.0.0.1:80",
        "[::1]:80",
        "[2001:db8::1]",
        "[fe80::1%eth0]:80",
        "dns:///greeter.prod:8080",
        "dns://10.0.0.2:53/greeter.prod:8080?family=v4",
        "dns://[2001:db8::53]:53/greeter.prod",
        "k8s:///greeter.prod:grpc",
        "x+y-z.1:///h:1",
        "static:///10.0.0.1:80",
        "static:///10.0.0.1:80,[::1]:80,localhost:80",
        "h?a=",
        "h:1?a=1&b.c=x,y:/@~+-_.",
      })
  void whatIsReadIsWrittenAlike(String text) {
    assertEquals(text, Target.parse(text).toString());
  }

  @Test
  void everyPartIsRead() {
    Target target = Target.parse("dns://10.0.0.2:53/greeter.prod:grpc?family=v4&ttl=3");

    assertEquals("dns", target.scheme());
    assertEquals("10.0.0.2:53", target.authority());
    assertEquals(List.of(new HostPort("greeter.prod", "grpc")), target.hosts());
    assertEquals(Map.of("family", "v4", "ttl", "3"), target.options());
  }

  @Test
  void targetWithoutSchemeHasNone() {
    Target target = Target.parse("greeter.prod:grpc");

    assertNull(target.scheme());
    assertEquals("", target.authority());
  }

  @Test
  void schemeIsReadInLowerCase() {
    assertEquals("dns", Target.parse("DNS:///greeter.prod").scheme());
  }

  @Test
  void staticTargetListsHostsInTheirOrder() {
    assertEquals(
        List.of(new HostPort("b", "2"), new HostPort("a", "1")),
        Target.parse("static:///b:2,a:1").hosts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "``|host \"\"",
        "host:|address host:",
        "host:0|port 0",
        "host:65536|port 65536",
        "host:080|port 080",
        "host:-1|port -1",
        "host:8080:9090|port 8080:9090",
        "::1|host \"\"",
        "[::1|address [::1",
        "[::1]80|address [::1]80",
        "[10.0.0.1]:80|address [10.0.0.1]:80",
        "[::g]:80|host ::g",
        "a b:80|host a b",
        "-h:80|host -h",
        "a:1,b:2|host a:1,b:2",
        "dns:///a:1,b:2|port 1,b:2",
        "dns:///|host \"\"",
        "dns://greeter.prod|beginning dns://greeter.prod",
        "dns:///greeter.prod/more|host greeter.prod/more",
        ":///h|scheme \"\"",
        "1dns:///h|scheme 1dns",
        "dns://a b/h|authority a b",
        "dns://user@host/h|authority user@host",
        "static:///|host \"\"",
        "static:///a:1,|host \"\"",
        "static:///a:1,,b:2|host \"\"",
        "h?|option \"\"",
        "h?a|option a",
        "h?=v|option =v",
        "h?a=1&a=2|option a=2",
        "h?a=1&|option \"\"",
        "h?1a=1|option 1a",
        "h?a=b c|a b c",
        "h?a=b?c=d|a b?c=d",
      })
  void badTargetIsRefusedByNamingItAndItsWrongPart(String text, String part) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> Target.parse(text), text);

    String message = String.valueOf(e.getMessage());
    String quoted = text.isEmpty() ? "\"\"" : text;
    assertTrue(message.startsWith("target: " + quoted + ": " + part + " is not "), message);
    assertTrue(
        message.endsWith(
            " (expected: [scheme://[authority]/]host[:port][?key=value&...],"
                + " or static:///host:port,host:port)"),
        message);
    assertInstanceOf(InvalidValueException.class, e.getCause());
  }

  @Test
  void severalHostsAreRefusedOutsideOfStatic() {
    List<HostPort> hosts = List.of(new HostPort("a", "1"), new HostPort("b", "2"));

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new Target("dns", "", hosts, Map.of()));

    assertEquals(
        "hosts: [a:1, b:2] (expected: one host; a list only under static:///)", e.getMessage());
  }

  @Test
  void targetWithoutHostIsRefused() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new Target("dns", "", List.of(), Map.of()));

    assertEquals("hosts: [] (expected: at least one)", e.getMessage());
  }

  @Test
  void authorityWithoutSchemeIsRefused() {
    List<HostPort> hosts = List.of(new HostPort("a", "1"));

    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new Target(null, "ns:53", hosts, Map.of()));

    assertEquals("authority: ns:53 (expected: none without a scheme)", e.getMessage());
  }

  @Test
  void laterChangesOfTheGivenMapAreNotSeen() {
    Map<String, String> options = new HashMap<>(Map.of("a", "1"));
    Target target = new Target(null, "", List.of(new HostPort("h", null)), options);

    options.put("b", "2");

    assertEquals(Map.of("a", "1"), target.options());
  }

  @Test
  void optionsCannotBeChanged() {
    Map<String, String> options = Target.parse("h?a=1").options();

    assertThrows(UnsupportedOperationException.class, () -> options.put("b", "2"));
  }

  @ParameterizedTest
  @CsvSource({
    "greeter.prod,greeter.prod",
    "greeter.prod:8080,greeter.prod:8080",
    "greeter.prod:grpc,greeter.prod",
    "k8s:///greeter.prod:grpc,greeter.prod",
    "dns://ns:53/[::1]:80,[::1]:80",
    "dns:///[::1]:grpc,[::1]",
    "dns:///_grpc._tcp.greeter.prod,greeter.prod",
    "dns:///_odd.prod:80,_odd.prod:80",
    "dns:///_grpc._tcp,_grpc._tcp",
  })
  void serviceAuthorityIsTheHostWithItsPortWhereThatIsANumber(String text, String authority) {
    assertEquals(authority, Target.parse(text).serviceAuthority());
  }

  @Test
  void serviceAuthorityOfAStaticListIsItsFirstHost() {
    assertEquals("a:1", Target.parse("static:///a:1,b:2").serviceAuthority());
  }
}
