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
      requireMeasured(figures, Metrics.answer(4), kind, Metrics.MILLIS);
      requireMeasured(figures, Metrics.answer(4), kind, Metrics.SENT);
    }
    requireMeasured(figures, Metrics.answer(4), Metrics.SNAPSHOT, Metrics.MILLIS);
    for (String contender :
        List.of(Metrics.NO_PAGE, Metrics.PAGE, Metrics.FILE_POLLED, Metrics.POLLED)) {
      requireMeasured(figures, Metrics.calls(4), contender, Metrics.CALLS);
    }
    requireMeasured(figures, Metrics.calls(4), Metrics.FILE_POLLED, Metrics.POLLS);
    requireMeasured(figures, Metrics.calls(4), Metrics.POLLED, Metrics.POLLS);
  }

  private static void requireMeasured(
      List<Figure> figures, String scenario, String contender, String metric) {
    assertTrue(
        figures.stream().anyMatch(figure -> figure.is(scenario, contender, metric)),
        () -> scenario + ", " + contender + ": no " + metric);
  }
}
