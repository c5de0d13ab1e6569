package dev.tahini.rpc.benchmarks.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.bind.RequiresBind;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@RequiresBind
class DiscoveryRunTest {
  @Test
  void everyNewBackendIsCalledAndNoCallFails() throws IOException {
    DiscoveryContender contender = DiscoveryContender.TAHINI;

    List<Figure> figures = run(contender, 2, 20);

    Figure seconds = find(figures, contender, Metrics.SECONDS).orElseThrow();
    assertEquals(2, seconds.samples().size(), seconds::toString);
    assertTrue(find(figures, contender, Metrics.CALLS).orElseThrow().median() > 0);
    assertEquals(0, find(figures, contender, Metrics.FAILED).orElseThrow().median());
  }

  @Test
  void grpcsResolverAsksTheServerOnceAndCallsThoseThatItSaid() throws IOException {
    DiscoveryContender contender = DiscoveryContender.ROUND_ROBIN;

    List<Figure> figures = run(contender, 1, 3);

    assertEquals(1, find(figures, contender, Metrics.LOOK_UPS).orElseThrow().median());
    assertEquals(0, find(figures, contender, Metrics.FAILED).orElseThrow().median());
    assertEquals(3, find(figures, contender, Metrics.NOT_SEEN).orElseThrow().median());
    assertFalse(find(figures, contender, Metrics.SECONDS).isPresent());
  }

  private static List<Figure> run(DiscoveryContender contender, int rounds, int longestSeconds)
      throws IOException {
    DiscoveryRun.Plan plan = new DiscoveryRun.Plan(EnumSet.of(contender), rounds, longestSeconds);
    return new DiscoveryRun(plan, progress -> {}).run();
  }

  private static Optional<Figure> find(
      List<Figure> figures, DiscoveryContender contender, String metric) {
    return figures.stream()
        .filter(f -> f.contender().equals(contender.label()) && f.metric().equals(metric))
        .findFirst();
  }
}
