package dev.tahini.rpc.benchmarks.shards;

import static dev.tahini.rpc.benchmarks.shards.ShardRun.BACKENDS;
import static dev.tahini.rpc.benchmarks.shards.ShardRun.MANY;
import static dev.tahini.rpc.benchmarks.shards.ShardRun.SIZES;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The figures of a run with one row for each contender, in Markdown. */
public final class ShardTable {
  /** The contender that costs are divided by. */
  private static final String REFERENCE = ShardContender.MAGLEV.label();

  private static final List<Column> COLUMNS =
      List.of(
          needless("one leaves, N=10: needless moves, %", Scenarios.leaves(10)),
          needless("N=100", Scenarios.leaves(100)),
          needless("one joins, N=10", Scenarios.joins(10)),
          needless("N=100", Scenarios.joins(100)),
          needless("one re-weighted, N=10", Scenarios.reweighted(10)),
          most("max/avg [worst], N=10", 10),
          most("N=100", 100),
          most("N=500", 500),
          new Column("off weights, %", Scenarios.weights(10), Scenarios.OFF, Shown.MEAN_AND_WORST),
          cost("look-up, ns", Scenarios.lookUp(BACKENDS), Scenarios.NANOS, Shown.BESIDE_REFERENCE),
          cost("bytes", Scenarios.lookUp(BACKENDS), Scenarios.BYTES, Shown.MEDIAN),
          cost("build, ms", Scenarios.build(BACKENDS), Scenarios.MILLIS, Shown.BESIDE_REFERENCE),
          cost("one added", Scenarios.added(BACKENDS), Scenarios.MILLIS, Shown.MEDIAN),
          cost("one removed", Scenarios.removed(BACKENDS), Scenarios.MILLIS, Shown.MEDIAN),
          cost("table, MB", Scenarios.table(BACKENDS), Scenarios.MEGABYTES, Shown.MEDIAN),
          cost("N=10,000", Scenarios.table(MANY), Scenarios.MEGABYTES, Shown.MEDIAN),
          cost("reached of 10,000", Scenarios.reach(MANY), Scenarios.REACHED, Shown.MEDIAN));

  private ShardTable() {}

  private enum Shown {
    MEAN,
    MEAN_AND_WORST,
    MEDIAN,
    BESIDE_REFERENCE
  }

  private record Column(String head, String scenario, String metric, Shown shown) {
    String cell(List<Figure> figures, ShardContender contender) {
      return switch (shown) {
        case MEAN -> ofSamples(figures, contender, false);
        case MEAN_AND_WORST -> ofSamples(figures, contender, true);
        case MEDIAN -> Tables.cell(figures, scenario, contender.label(), metric, "");
        case BESIDE_REFERENCE ->
            Tables.cell(figures, scenario, contender.label(), metric, REFERENCE);
      };
    }

    private String ofSamples(List<Figure> figures, ShardContender contender, boolean withWorst) {
      return figures.stream()
          .filter(f -> f.is(scenario, contender.label(), metric))
          .findFirst()
          .map(figure -> text(figure.samples(), withWorst))
          .orElse("");
    }

    private static String text(List<Double> samples, boolean withWorst) {
      double mean = doubles(samples).average().orElseThrow();
      double worst = doubles(samples).max().orElseThrow();
      return Tables.number(mean) + (withWorst ? " [" + Tables.number(worst) + "]" : "");
    }

    private static DoubleStream doubles(List<Double> samples) {
      return samples.stream().mapToDouble(each -> each);
    }
  }

  private static Column needless(String head, String scenario) {
    return new Column(head, scenario, Scenarios.NEEDLESS, Shown.MEAN);
  }

  private static Column most(String head, int backends) {
    return new Column(head, Scenarios.spread(backends), Scenarios.MOST, Shown.MEAN_AND_WORST);
  }

  private static Column cost(String head, String scenario, String metric, Shown shown) {
    return new Column(head, scenario, metric, shown);
  }

  /** The table of everything, that of builds by size, and the bars. */
  public static String of(List<Figure> figures, List<Bar> bars) {
    List<Column> builds =
        SIZES.stream()
            .map(
                n ->
                    cost(
                        String.format(Locale.ROOT, "N=%,d", n),
                        Scenarios.build(n),
                        Scenarios.MILLIS,
                        Shown.BESIDE_REFERENCE))
            .toList();
    return String.join(
        "\n",
        rows("", figures, COLUMNS, Stream.of(ShardContender.values())),
        "",
        rows("build, ms", figures, builds, ShardRun.CLOSE.stream().sorted()),
        "",
        Tables.ofBars(figures, bars));
  }

  private static String rows(
      String corner, List<Figure> figures, List<Column> columns, Stream<ShardContender> whose) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row(corner, columns.stream().map(Column::head)));
    whose
        .filter(each -> figures.stream().anyMatch(f -> f.contender().equals(each.label())))
        .map(each -> row(each.title(), columns.stream().map(c -> orDash(c.cell(figures, each)))))
        .forEach(rows::add);
    return Tables.ofRows(rows);
  }

  private static List<String> row(String first, Stream<String> others) {
    return Stream.concat(Stream.of(first), others).toList();
  }

  private static String orDash(String cell) {
    return cell.isEmpty() ? "-" : cell;
  }
}
