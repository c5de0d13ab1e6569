package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.discovery.dns.DnsTarget.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class DnsTargetTest {
  static final List<String> BAD_TARGETS =
      List.of(
          "dns:///greeter.test",
          "dns:///10.0.0.1",
          "dns:///10.0.0.1:grpc",
          "dns:///_grpc._tcp.greeter.test:80",
          "dns:///[::1]",
          "dns:///10.0.0.1:80?family=v6",
          "dns:///greeter.test:80?family=4",
          "dns:///greeter.test:80?families=v4",
          "dns:///greeter.test:80?srv=grpc",
          "dns:///greeter.test?srv=_grpc",
          "dns:///greeter.test?srv=grpc.tcp",
          "dns:///greeter..test:80",
          "dns://resolver.test/greeter.test:80",
          "dns://10.0.0.1:domain/greeter.test:80",
          "dns://10.0.0.1,/greeter.test:80");

  @ParameterizedTest
  @FieldSource("BAD_TARGETS")
  void badTargetIsRefused(String text) {
    Target target = Target.parse(text);

    InvalidValueException error =
        assertThrows(InvalidValueException.class, () -> DnsTarget.of(target));

    assertTrue(String.valueOf(error.getMessage()).contains("(expected: "), error::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "greeter.prod:grpc, _grpc._tcp.greeter.prod",
    "dns:///greeter.prod:grpc, _grpc._tcp.greeter.prod",
    "dns:///greeter.prod.:grpc, _grpc._tcp.greeter.prod.",
    "dns:///_grpc._tcp.greeter.prod, _grpc._tcp.greeter.prod",
    "dns:///greeter.prod?srv=grpc, _grpc._tcp.greeter.prod",
    "dns:///greeter.prod?srv=_grpc._udp, _grpc._udp.greeter.prod",
    "dns:///greeter.prod?srv=_grpc-web._tcp&family=v6, _grpc-web._tcp.greeter.prod"
  })
  void portByNameAsksForServiceRecords(String text, String name) {
    assertEquals(
        new Subject.Service(Replies.name(name)), DnsTarget.of(Target.parse(text)).subject());
  }

  @ParameterizedTest
  @CsvSource({"greeter.prod:80, greeter.prod", "dns:///_odd:80, _odd", "dns:///a.b.:80, a.b."})
  void portByNumberAsksForAddresses(String text, String name) {
    assertEquals(
        new Subject.Host(Replies.name(name), 80), DnsTarget.of(Target.parse(text)).subject());
  }

  @Test
  void addressNeedsNoDns() {
    assertEquals(
        new Subject.Literal(ServerAddress.parse("10.0.0.1:80")),
        DnsTarget.of(Target.parse("dns:///10.0.0.1:80?family=v4")).subject());
    assertEquals(
        new Subject.Literal(ServerAddress.parse("[::1]:80")),
        DnsTarget.of(Target.parse("[::1]:80")).subject());
  }

  @Test
  void localhostNeedsNoDns() {
    assertEquals(new Subject.Localhost(80), DnsTarget.of(Target.parse("LocalHost:80")).subject());
  }

  @Test
  void serversStandInTheAuthority() {
    assertEquals(
        List.of(ServerAddress.parse("10.0.0.2"), ServerAddress.parse("[::1]:5353")),
        DnsTarget.of(Target.parse("dns://10.0.0.2,[::1]:5353/greeter.prod:80")).servers());
  }
}
