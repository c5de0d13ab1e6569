package dev.tahini.rpc.debug.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class LatencyCountsTest {
  private static final double WITHIN = 0.0625;
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final LatencyCounts counts = new LatencyCounts();

  @Property
  void percentilesAreRightWithinTheBuckets(
      @ForAll @Size(min = 1, max = 300)
          List<@LongRange(min = 8_192, max = 137_000_000_000L) Long> latencies) {
    LatencyCounts fresh = new LatencyCounts();
    latencies.forEach(nanos -> fresh.note(nanos, 0));
    List<Long> sorted = latencies.stream().sorted().toList();
    LatencyCounts.Percentiles got = fresh.percentiles(0);
    assertEquals(latencies.size(), got.count());
    assertClose(exact(sorted, 50), got.p50Nanos());
    assertClose(exact(sorted, 90), got.p90Nanos());
    assertClose(exact(sorted, 99), got.p99Nanos());
  }

  private static long exact(List<Long> sorted, int percent) {
    return sorted.get((sorted.size() * percent + 99) / 100 - 1);
  }

  private static void assertClose(long expected, long got) {
    assertTrue(
        Math.abs(got - expected) <= WITHIN * expected + 1, () -> got + " in place of " + expected);
  }

  @Property
  void everyLatencyFindsABucket(@ForAll long nanos, @ForAll long nanoTime) {
    LatencyCounts fresh = new LatencyCounts();
    fresh.note(nanos, nanoTime);
    assertEquals(1, fresh.percentiles(nanoTime).count());
  }

  @Example
  void nothingIsZero() {
    assertEquals(new LatencyCounts.Percentiles(0, 0, 0, 0), counts.percentiles(0));
  }

  @Example
  void whatIsOlderThanFiveMinutesIsForgotten() {
    counts.note(1_000_000, 0);
    assertEquals(1, counts.percentiles(5 * MINUTE - 1).count());
    assertEquals(0, counts.percentiles(5 * MINUTE).count());
    counts.note(2_000_000, 5 * MINUTE);
    assertEquals(1, counts.percentiles(5 * MINUTE).count());
  }
}
