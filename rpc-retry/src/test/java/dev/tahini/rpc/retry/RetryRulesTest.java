package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRulesTest {
  private static final RetryOptions DEFAULTS = RetryOptions.defaults();
  private static final RetryOptions HEDGED =
      DEFAULTS.withHedging(Hedging.after(Duration.ofMillis(5), 2));
  private static final RetryOptions SMALL = DEFAULTS.withBufferLimit(10);

  @Test
  void mostSpecificRuleCounts() {
    RetryRules rules =
        RetryRules.all(DEFAULTS).with("test.Probe", SMALL).with(TestMethod.IDEMPOTENT, HEDGED);
    MethodDescriptor<?, ?> other =
        TestMethod.of(MethodDescriptor.MethodType.UNARY, "Ask")
            .setFullMethodName("test.Other/Ask")
            .build();

    assertSame(HEDGED, rules.optionsOf(TestMethod.IDEMPOTENT));
    assertSame(SMALL, rules.optionsOf(TestMethod.UNARY));
    assertSame(DEFAULTS, rules.optionsOf(other));
  }

  @Test
  void methodThatIsNotIdempotentIsNotHedged() {
    assertEquals(
        "method: test.Probe/Ask (expected: idempotent or safe, since it is to be hedged)",
        complaint(() -> RetryRules.all(DEFAULTS).with(TestMethod.UNARY, HEDGED)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a/b/c", "/Ask", "test.Probe/"})
  void nameIsThatOfAMethodOrAService(String name) {
    assertEquals(
        "name: " + name + " (expected: pkg.Service/Method or pkg.Service)",
        complaint(() -> RetryRules.all(DEFAULTS).with(name, SMALL)));
  }

  @Test
  void badOptionsAreNamed() {
    assertEquals(
        "attemptTimeout: PT0S (expected: more than zero)",
        complaint(() -> DEFAULTS.withAttemptTimeout(Duration.ZERO)));
    assertEquals(
        "attemptTimeout: PT-1S (expected: more than zero)",
        complaint(() -> Retry.builder().attemptTimeout(Duration.ofSeconds(-1))));
    assertEquals(
        "bufferLimit: -1 (expected: 0 or more bytes)",
        complaint(() -> DEFAULTS.withBufferLimit(-1)));
    assertEquals(
        "hedging: Hedging[delay=PT1S, observed=false, maxAttempts=2]"
            + " (expected: none where there is no policy)",
        complaint(() -> RetryOptions.none().withHedging(Hedging.after(Duration.ofSeconds(1), 2))));
    assertEquals(
        "maxAttempts: 1 (expected: 2 or more)", complaint(() -> Hedging.after(Duration.ZERO, 1)));
    assertEquals(
        "delay: PT-1S (expected: 0 to 1 day)",
        complaint(() -> Hedging.afterP95(Duration.ofSeconds(-1), 2)));
    assertEquals(
        "max: -1 (expected: 0 or more)",
        complaint(() -> new RetriableException(null, -1, Duration.ZERO, 0)));
    assertEquals(
        "delay: PT-1S (expected: 0 or more)",
        complaint(() -> new RetriableException(null, 0, Duration.ofSeconds(-1), 0)));
    assertEquals(
        "factor: 0.5 (expected: 0, or 1 or more)",
        complaint(() -> new RetriableException(null, 0, Duration.ZERO, 0.5)));
  }

  private static String complaint(Runnable make) {
    return String.valueOf(assertThrows(InvalidValueException.class, make::run).getMessage());
  }
}
