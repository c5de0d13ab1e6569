package dev.tahini.rpc.benchmarks.page;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import java.util.List;
import java.util.stream.Stream;

/** What an answer may take, and how little calls may notice of it. */
public final class PageBars {
  private static final int MANY = 1_000;
  private static final double MILLIS = 50;
  private static final double SNAPSHOT_MILLIS = 3;
  private static final double KILOBYTES = 500;
  private static final double PART_OF_THE_CALLS = 0.97;

  private PageBars() {}

  /** All of them. */
  public static List<Bar> all() {
    String answer = Metrics.answer(MANY);
    return Stream.concat(
            Stream.of(
                Bar.atMost(answer, Metrics.HTML, Metrics.MILLIS, MILLIS),
                Bar.atMost(answer, Metrics.HTML, Metrics.SENT, KILOBYTES),
                Bar.atMost(answer, Metrics.SNAPSHOT, Metrics.MILLIS, SNAPSHOT_MILLIS)),
            PageRun.Plan.FLEETS.stream()
                .flatMap(
                    backends ->
                        Stream.of(
                            polled(backends, Metrics.PAGE), polled(backends, Metrics.FILE_POLLED))))
        .toList();
  }

  private static Bar polled(int backends, String beside) {
    return Bar.beside(
        Metrics.calls(backends),
        Metrics.POLLED,
        Metrics.CALLS,
        Rule.AT_LEAST_TIMES,
        PART_OF_THE_CALLS,
        beside);
  }

  /** By which contender the others of a scenario are divided. */
  public static String reference(String scenario) {
    return scenario.startsWith("calls") ? Metrics.PAGE : Metrics.HTML;
  }
}
