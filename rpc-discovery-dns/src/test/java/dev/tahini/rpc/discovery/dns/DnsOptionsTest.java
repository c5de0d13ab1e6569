package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

class DnsOptionsTest {
  private static final DnsOptions DEFAULTS = DnsOptions.defaults();
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TestFactory
  Iterable<DynamicTest> badValueIsNamed() {
    return Map.<String, Executable>of(
            "DNS server: ns.test", () -> DEFAULTS.withServers("ns.test"),
            "DNS server: 10.0.0.1:0", () -> DEFAULTS.withServers("10.0.0.1:0"),
            "ndots: 16", () -> DEFAULTS.withSearch(16),
            "search domain: a..b", () -> DEFAULTS.withSearch(1, "a..b"),
            "minRefresh: PT0S", () -> DEFAULTS.withRefresh(Duration.ZERO, SECOND),
            "maxRefresh: PT1S", () -> DEFAULTS.withRefresh(SECOND.plusMillis(1), SECOND),
            "emptyAnswers: 0", () -> DEFAULTS.withEmptyAfter(0, SECOND),
            "emptyAfter: PT-1S", () -> DEFAULTS.withEmptyAfter(1, SECOND.negated()),
            "timeout: PT0S", () -> DEFAULTS.withTimeout(Duration.ZERO, 1),
            "attempts: 11", () -> DEFAULTS.withTimeout(SECOND, 11))
        .entrySet()
        .stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      InvalidValueException error =
                          assertThrows(InvalidValueException.class, each.getValue());
                      assertTrue(
                          String.valueOf(error.getMessage()).startsWith(each.getKey()),
                          error::toString);
                    }))
        .toList();
  }

  @Test
  void defaultsAreThoseOfTheDocument() {
    assertEquals(
        DEFAULTS,
        DEFAULTS
            .withRefresh(SECOND, Duration.ofSeconds(30))
            .withEmptyAfter(3, Duration.ofSeconds(10))
            .withTimeout(Duration.ofSeconds(2), 2)
            .withServers());
  }
}
