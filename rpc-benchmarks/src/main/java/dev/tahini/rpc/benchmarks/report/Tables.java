package dev.tahini.rpc.benchmarks.report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Figures as tables in Markdown. */
public final class Tables {
  private Tables() {}

  /**
   * One row for each contender of each scenario: the medians, beside them the ratio to the
   * reference, and the bars.
   *
   * @param references the contender that the others of a scenario are divided by
   */
  public static String of(
      List<Figure> figures, List<Bar> bars, Function<String, String> references) {
    List<String> metrics = figures.stream().map(Figure::metric).distinct().toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("scenario", "contender", "rounds"));
    head.addAll(metrics);
    head.add("bars");
    rows.add(head);
    for (Row row : rows(figures)) {
      rows.add(row.cells(figures, metrics, bars, references.apply(row.scenario())));
    }
    return ofRows(rows);
  }

  private static Set<Row> rows(List<Figure> figures) {
    Set<Row> rows = new LinkedHashSet<>();
    figures.forEach(figure -> rows.add(new Row(figure.scenario(), figure.contender())));
    return rows;
  }

  private record Row(String scenario, String contender) {
    List<String> cells(
        List<Figure> figures, List<String> metrics, List<Bar> bars, String reference) {
      List<String> cells = new ArrayList<>(List.of(scenario, contender));
      int rounds =
          figures.stream()
              .filter(f -> f.scenario().equals(scenario) && f.contender().equals(contender))
              .mapToInt(f -> f.samples().size())
              .max()
              .orElse(0);
      cells.add(String.valueOf(rounds));
      metrics.forEach(metric -> cells.add(cell(figures, scenario, contender, metric, reference)));
      cells.add(
          bars.stream()
              .filter(b -> b.scenario().equals(scenario) && b.contender().equals(contender))
              .flatMap(bar -> bar.judge(figures).stream())
              .map(Bar.Finding::words)
              .collect(joining("; ")));
      return cells;
    }
  }

  /**
   * The median of a figure, and beside it the ratio to the reference.
   *
   * @param reference the contender that it is divided by; one without figures for none
   * @return empty if there is no such figure
   */
  public static String cell(
      List<Figure> figures, String scenario, String contender, String metric, String reference) {
    Optional<Figure> figure = find(figures, scenario, contender, metric);
    if (figure.isEmpty()) {
      return "";
    }
    String median = Estimate.text(figure.get().median());
    Optional<Figure> beside = find(figures, scenario, reference, metric);
    if (reference.equals(contender) || beside.isEmpty() || beside.get().median() == 0) {
      return median;
    }
    Estimate ratio =
        Statistics.ofPairs(figure.get().samples(), beside.get().samples(), (a, b) -> a / b);
    return median + " (x " + ratio.text() + ")";
  }

  private static Optional<Figure> find(
      List<Figure> figures, String scenario, String contender, String metric) {
    return figures.stream().filter(f -> f.is(scenario, contender, metric)).findFirst();
  }

  /** A number with about three digits. */
  public static String number(double value) {
    return Estimate.text(value);
  }

  /** One row for each bar whose figures are there. */
  public static String ofBars(List<Figure> figures, List<Bar> bars) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("scenario", "contender", "bar", "verdict"));
    for (Bar bar : bars) {
      bar.judge(figures)
          .ifPresent(
              found ->
                  rows.add(
                      List.of(
                          bar.scenario(), bar.contender(), found.text(), found.verdict().word())));
    }
    return ofRows(rows);
  }

  /** One row for each figure that both runs have. */
  public static String comparison(SavedRun before, SavedRun after) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("scenario", "contender", "metric", "before", "after", "after / before"));
    for (Figure old : before.figures()) {
      after.figures().stream()
          .filter(old::isSameAs)
          .findFirst()
          .ifPresent(found -> rows.add(compared(old, found)));
    }
    return ofRows(rows);
  }

  private static List<String> compared(Figure old, Figure found) {
    return List.of(
        old.scenario(),
        old.contender(),
        old.metric(),
        Estimate.text(old.median()),
        Estimate.text(found.median()),
        old.median() == 0
            ? (found.median() == 0 ? "1" : "")
            : Statistics.ofRuns(found.samples(), old.samples()).text());
  }

  /** Rows of cells, the head first. */
  public static String ofRows(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add("| " + String.join(" | ", row) + " |");
      if (lines.size() == 1) {
        lines.add(row.stream().map(cell -> "---").collect(joining(" | ", "| ", " |")));
      }
    }
    return String.join("\n", lines);
  }
}
