package dev.tahini.rpc.benchmarks.page;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.report.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageRunTest {
  @Test
  void everyAnswerAndEveryKindOfCallsIsMeasured() throws Exception {
    PageRun.Plan plan = new PageRun.Plan(List.of(4), 1, 0, 1, 100, 1);

    List<Figure> figures = new PageRun(plan, progress -> {}).run();

    for (String kind : List.of(Metrics.HTML, Metrics.JSON, Metrics.METRICS)) {
      assertTrue(find(figures, Metrics.answer(4), kind, Metrics.MILLIS) > 0, kind);
      assertTrue(find(figures, Metrics.answer(4), kind, Metrics.SENT) > 1, kind);
    }
    assertTrue(find(figures, Metrics.answer(4), Metrics.SNAPSHOT, Metrics.MILLIS) > 0);
    for (String contender : List.of(Metrics.NO_PAGE, Metrics.PAGE, Metrics.POLLED)) {
      assertTrue(find(figures, Metrics.calls(4), contender, Metrics.CALLS) > 0, contender);
    }
    assertTrue(find(figures, Metrics.calls(4), Metrics.POLLED, Metrics.POLLS) > 0);
  }

  private static double find(
      List<Figure> figures, String scenario, String contender, String metric) {
    return figures.stream()
        .filter(figure -> figure.is(scenario, contender, metric))
        .findFirst()
        .orElseThrow()
        .median();
  }
}
