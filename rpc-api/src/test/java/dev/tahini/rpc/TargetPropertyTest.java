package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TargetPropertyTest {

  @Property(tries = 500)
  void whatATargetWritesIsReadAsTheSame(@ForAll("targets") Target target) {
    Target read = Target.parse(target.toString());

    assertEquals(target, read);
    assertEquals(List.copyOf(target.options().keySet()), List.copyOf(read.options().keySet()));
  }

  @Property(tries = 2000)
  void anyTextIsReadOrRefusedByName(@ForAll("texts") String text) {
    try {
      Target target = Target.parse(text);
      assertEquals(target, Target.parse(target.toString()));
    } catch (InvalidValueException e) {
      String message = Objects.requireNonNull(e.getMessage());
      String quoted = text.isBlank() ? '"' + text + '"' : text;
      assertTrue(message.startsWith("target: " + quoted), message);
      assertTrue(message.contains("(expected: "), message);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab09:::///[[]]%?&=,.-_ +~@").ofMaxLength(24);
  }

  @Provide
  Arbitrary<Target> targets() {
    Arbitrary<Map<String, String>> options =
        Arbitraries.maps(
                Arbitraries.strings().withChars("abZ19_.-").ofMaxLength(4).map(s -> "k" + s),
                Arbitraries.strings().withChars("az09_.,:/@~+-").ofMaxLength(6))
            .ofMaxSize(3);
    Arbitrary<String> schemes =
        Arbitraries.strings().withChars("az09+.-").ofMaxLength(4).map(s -> "d" + s);
    Arbitrary<String> authorities =
        Arbitraries.of("", "ns", "10.0.0.2:53", "[2001:db8::53]:53", "a,b_c-d");
    Arbitrary<Target> bare =
        Combinators.combine(hosts(), options)
            .as((host, more) -> new Target(null, "", List.of(host), more));
    Arbitrary<Target> named =
        Combinators.combine(schemes, authorities, hosts(), options)
            .as(
                (scheme, authority, host, more) ->
                    new Target(scheme, authority, List.of(host), more));
    Arbitrary<Target> listed =
        Combinators.combine(hosts().list().ofMinSize(1).ofMaxSize(4), options)
            .as((list, more) -> new Target(Target.STATIC_SCHEME, "", list, more));
    return Arbitraries.oneOf(bare, named, listed);
  }

  private static Arbitrary<HostPort> hosts() {
    Arbitrary<String> hosts =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars("azAZ09_.-").ofMaxLength(8).map(s -> "h" + s),
            Arbitraries.of(
                "10.0.0.1", "::", "::1", "2001:DB8::1", "fe80::1%eth0", "::ffff:1.2.3.4"));
    Arbitrary<String> ports =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 65535).map(String::valueOf),
            Arbitraries.of("grpc", "h2", "0x", "my-port-1"));
    return Combinators.combine(hosts, ports.injectNull(0.2)).as(HostPort::new);
  }
}
