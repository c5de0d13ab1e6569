package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceTimeTest {
  private static final List<ServiceTime> ALL =
      List.of(
          ServiceTime.constant(Duration.ofMillis(3)),
          ServiceTime.exponential(Duration.ofMillis(3)),
          ServiceTime.bimodal(Duration.ofMillis(1), Duration.ofMillis(100), 0.05),
          ServiceTime.pareto(Duration.ofMillis(1), 1, Duration.ofSeconds(1)),
          ServiceTime.pareto(Duration.ofMillis(1), 1.5, Duration.ofSeconds(1)));

  @Test
  void meanIsThatOfTheQuantiles() {
    int steps = 1_000_000;
    for (ServiceTime each : ALL) {
      double sum = 0;
      for (int i = 0; i < steps; i++) {
        sum += each.nanosAt((i + 0.5) / steps);
      }
      assertEquals(each.meanNanos(), sum / steps, 0.002 * each.meanNanos(), each::toString);
    }
  }

  @Test
  void quantilesRise() {
    for (ServiceTime each : ALL) {
      double last = 0;
      for (double quantile = 0; quantile < 1; quantile += 0.001) {
        double nanos = each.nanosAt(quantile);
        assertTrue(nanos >= last && nanos < Double.POSITIVE_INFINITY, each::toString);
        last = nanos;
      }
    }
  }

  @Test
  void paretoStaysInItsBounds() {
    ServiceTime pareto = ServiceTime.pareto(Duration.ofMillis(1), 1.1, Duration.ofSeconds(1));
    assertEquals(1e6, pareto.nanosAt(0), 1);
    assertEquals(1e9, pareto.nanosAt(Math.nextDown(1.0)), 1e3);
  }

  @Test
  void coldStartFallsToNormal() {
    ColdStart cold = new ColdStart(11, Duration.ofNanos(100));
    assertEquals(11, cold.factorAfter(0));
    assertEquals(6, cold.factorAfter(50));
    assertEquals(1, cold.factorAfter(100));
    assertEquals(1, ColdStart.NONE.factorAfter(0));
  }
}
