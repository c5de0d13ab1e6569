package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

class KubernetesOptionsTest {
  private static final KubernetesOptions DEFAULTS = KubernetesOptions.defaults();

  @TestFactory
  Iterable<DynamicTest> badValueIsNamed() {
    return Map.<String, Executable>of(
            "server: ftp://a:1", () -> DEFAULTS.withServer(URI.create("ftp://a:1")),
            "server: a:1", () -> DEFAULTS.withServer(URI.create("a:1")),
            "server: http:/a", () -> DEFAULTS.withServer(URI.create("http:/a")),
            "server: http://a/?x=1", () -> DEFAULTS.withServer(URI.create("http://a/?x=1")),
            "namespace: a b", () -> DEFAULTS.withNamespace("a b"),
            "debounce: PT-1S", () -> DEFAULTS.withDebounce(Duration.ofSeconds(-1)),
            "debounce: PT2M", () -> DEFAULTS.withDebounce(Duration.ofMinutes(2)),
            "idleLimit: PT0S", () -> DEFAULTS.withIdleLimit(Duration.ZERO),
            "minBackoff: PT0S", () -> DEFAULTS.withBackoff(Duration.ZERO, Duration.ofSeconds(1)),
            "maxBackoff: PT1S",
                () -> DEFAULTS.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
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
                          String.valueOf(error.getMessage())
                              .startsWith(each.getKey() + " (expected: "),
                          error::toString);
                    }))
        .toList();
  }
}
