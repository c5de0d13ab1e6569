package dev.tahini.rpc.benchmarks.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.benchmarks.report.Figure;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifeRunTest {
  @Test
  void everyPolicyHasEveryFigure() {
    System.setProperty(Policy.HEADER_FLAG, "true");
    EnumSet<Policy> policies = EnumSet.of(Policy.TAHINI, Policy.ROUND_ROBIN);

    List<Figure> figures =
        new LifeRun(new LifeRun.Plan(List.of(10), policies, 1), round -> {}).run();

    assertEquals(2 * 4 * 2, figures.size(), figures::toString);
    assertTrue(figures.stream().allMatch(figure -> figure.median() > 0), figures::toString);
  }
}
