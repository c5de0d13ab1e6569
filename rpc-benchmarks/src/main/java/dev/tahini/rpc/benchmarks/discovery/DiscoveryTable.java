package dev.tahini.rpc.benchmarks.discovery;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The figures of a run with one row for each contender, in Markdown. */
public final class DiscoveryTable {
  private static final List<String> HEAD =
      List.of(
          "TTL 1 s",
          "rounds",
          "nsupdate to the first call, s: median",
          "min",
          "p90",
          "max",
          "from nsupdate's end: median",
          "calls",
          "failed");

  private DiscoveryTable() {}

  /** The table, the one of the bars, and what has to be known of gRPC's resolver. */
  public static String of(List<Figure> figures, List<Bar> bars) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (DiscoveryContender contender : DiscoveryContender.values()) {
      find(figures, Metrics.CALLS_MADE, contender, Metrics.CALLS)
          .ifPresent(calls -> rows.add(row(figures, contender)));
    }
    List<String> parts = new ArrayList<>();
    parts.add(Tables.ofRows(rows));
    parts.add(Tables.ofBars(figures, bars));
    find(figures, Metrics.ONE_MORE, DiscoveryContender.ROUND_ROBIN, Metrics.LOOK_UPS)
        .ifPresent(lookUps -> parts.add(ofGrpcs(lookUps)));
    return String.join("\n\n", parts);
  }

  private static List<String> row(List<Figure> figures, DiscoveryContender contender) {
    Optional<Figure> seen = find(figures, Metrics.ONE_MORE, contender, Metrics.SECONDS);
    Optional<Figure> notSeen = find(figures, Metrics.ONE_MORE, contender, Metrics.NOT_SEEN);
    List<String> row = new ArrayList<>();
    row.add(contender.label());
    row.add(String.valueOf(seen.or(() -> notSeen).map(f -> f.samples().size()).orElse(0)));
    row.add(
        notSeen
            .map(figure -> "not seen within " + whole(figure) + " s")
            .orElseGet(() -> median(figures, Metrics.ONE_MORE, contender, Metrics.SECONDS)));
    row.add(ranked(seen, 0));
    row.add(ranked(seen, 0.9));
    row.add(ranked(seen, 1));
    row.add(median(figures, Metrics.ONE_MORE, contender, Metrics.SECONDS_AFTER));
    row.add(median(figures, Metrics.CALLS_MADE, contender, Metrics.CALLS));
    row.add(median(figures, Metrics.CALLS_MADE, contender, Metrics.FAILED));
    return row;
  }

  /** The sample below which that part of all is, by the nearest rank; empty if there are none. */
  private static String ranked(Optional<Figure> figure, double part) {
    if (figure.isEmpty()) {
      return "";
    }
    List<Double> sorted = figure.get().samples().stream().sorted().toList();
    int rank = (int) Math.ceil(part * sorted.size());
    return Tables.number(sorted.get(Math.max(0, rank - 1)));
  }

  private static String median(
      List<Figure> figures, String scenario, DiscoveryContender contender, String metric) {
    return Tables.cell(figures, scenario, contender.label(), metric, "");
  }

  private static String ofGrpcs(Figure lookUps) {
    return "`round_robin` is grpc-java with its own DNS resolver, whose address lookup asks the same"
        + " server and keeps nothing: the JDK's cache of 30 s would come on top. Looked up "
        + whole(lookUps)
        + (whole(lookUps) == 1 ? " time in all." : " times in all.");
  }

  private static long whole(Figure figure) {
    return Math.round(figure.median());
  }

  private static Optional<Figure> find(
      List<Figure> figures, String scenario, DiscoveryContender contender, String metric) {
    return figures.stream().filter(f -> f.is(scenario, contender.label(), metric)).findFirst();
  }
}
