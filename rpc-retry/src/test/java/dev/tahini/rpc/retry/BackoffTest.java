package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class BackoffTest {
  @Property
  void delaysStayWithinTheirBounds(
      @ForAll @LongRange(max = 10_000_000_000L) long base,
      @ForAll @LongRange(max = 1_000_000_000_000L) long more,
      @ForAll @DoubleRange(min = 1, max = 100) double factor,
      @ForAll @DoubleRange(min = 0, max = 1) double jitter,
      @ForAll @IntRange(max = 2000) int retry,
      @ForAll long seed) {
    Duration max = Duration.ofNanos(base + more);
    Backoff backoff = new Backoff(Duration.ofNanos(base), factor, max, jitter);

    long nanos = backoff.delay(retry, new Random(seed)).toNanos();

    double middle = Math.min((double) base * Math.pow(factor, retry), (double) base + more);
    middle = Double.isNaN(middle) ? 0 : middle;
    assertTrue(nanos >= Math.floor(middle * (1 - jitter)) - 1, nanos + " of " + middle);
    assertTrue(
        nanos <= Math.min(middle * (1 + jitter), (double) base + more) + 1,
        nanos + " of " + middle);
  }

  @Property
  void fullJitterIsAnythingUpToTheBound(@ForAll @IntRange(max = 100) int retry, @ForAll long seed) {
    Backoff backoff = Backoff.defaults().withJitter(Backoff.FULL_JITTER);
    Duration bound = Backoff.defaults().withJitter(0).delay(retry, new Random(seed));

    Duration delay = backoff.delay(retry, new Random(seed));

    assertTrue(!delay.isNegative() && delay.compareTo(bound) <= 0, delay + " of " + bound);
  }

  @Example
  void defaultsAreTheGoPackages() {
    Backoff plain = Backoff.defaults().withJitter(0);

    assertEquals(Duration.ofMillis(10), plain.delay(0, new Random(1)));
    assertEquals(Duration.ofMillis(16), plain.delay(1, new Random(1)));
    assertEquals(Duration.ofMinutes(2), plain.delay(1000, new Random(1)));
  }

  @Example
  void badPartsAreNamed() {
    Backoff good = Backoff.defaults();
    refused("base: PT-1S", () -> good.withBase(Duration.ofSeconds(-1)));
    refused("factor: 0.9", () -> good.withFactor(0.9));
    refused("factor: NaN", () -> good.withFactor(Double.NaN));
    refused("max: PT0.001S", () -> good.withMax(Duration.ofMillis(1)));
    refused("jitter: 1.1", () -> good.withJitter(1.1));
    refused("jitter: -0.1", () -> good.withJitter(-0.1));
  }

  private static void refused(String start, Runnable make) {
    String message =
        String.valueOf(assertThrows(InvalidValueException.class, make::run).getMessage());
    assertTrue(message.startsWith(start + " (expected: "), message);
  }
}
