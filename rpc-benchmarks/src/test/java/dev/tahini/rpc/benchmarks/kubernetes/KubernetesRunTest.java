package dev.tahini.rpc.benchmarks.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.report.Figure;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class KubernetesRunTest {

  @Test
  void everyContenderFindsTheNewPodAndLosesNoCall() throws IOException {
    KubernetesRun.Plan plan =
        new KubernetesRun.Plan(EnumSet.allOf(KubernetesContender.class), 1, 0);

    List<Figure> figures = new KubernetesRun(plan, progress -> {}).run();

    for (KubernetesContender contender : KubernetesContender.values()) {
      assertTrue(find(figures, Metrics.ONE_MORE, contender, Metrics.TO_FIRST_CALL) > 0);
      assertEquals(0, find(figures, Metrics.ONE_MORE, contender, Metrics.FAILED));
    }
    KubernetesContender measured = KubernetesContender.TAHINI_AT_ONCE;
    assertTrue(find(figures, Metrics.LIST, measured, Metrics.CPU) > 0);
    assertTrue(find(figures, Metrics.CHANGE, measured, Metrics.CPU) > 0);
    assertTrue(
        find(figures, Metrics.LIST, measured, Metrics.ALLOCATED)
            > find(figures, Metrics.CHANGE, measured, Metrics.ALLOCATED));
  }

  private static double find(
      List<Figure> figures, String scenario, KubernetesContender contender, String metric) {
    return figures.stream()
        .filter(figure -> figure.is(scenario, contender.label(), metric))
        .findFirst()
        .orElseThrow()
        .median();
  }
}
