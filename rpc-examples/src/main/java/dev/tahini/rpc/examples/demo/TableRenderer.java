package dev.tahini.rpc.examples.demo;

import static dev.tahini.rpc.examples.demo.Words.count;
import static dev.tahini.rpc.examples.demo.Words.millis;
import static dev.tahini.rpc.examples.demo.Words.number;
import static dev.tahini.rpc.examples.demo.Words.percent;
import static dev.tahini.rpc.examples.demo.Words.seconds;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Lays a frame out as lines of text, columns as wide as what is in them. A pure function. */
final class TableRenderer {
  private static final List<String> HEADER =
      List.of("backend", "state", "calls", "share", "in flight", "p50", "p99", "keys");
  private static final int TEXT_COLUMNS = 2;
  private static final String GAP = "  ";

  List<String> render(Frame frame) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(HEADER);
    frame.rows().forEach(row -> cells.add(cells(row)));
    int[] widths = widths(cells);
    List<String> lines = new ArrayList<>();
    lines.add(title(frame));
    cells.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  private static String title(Frame frame) {
    return seconds(frame.elapsed())
        + GAP
        + frame.title()
        + GAP
        + count(frame.calls(), "call")
        + ", "
        + number(frame.failed())
        + " failed";
  }

  private static List<String> cells(Frame.Row row) {
    return List.of(
        row.address(),
        row.state().toString(),
        number(row.calls()),
        percent(row.share()),
        number(row.inFlight()),
        row.p50Nanos() == 0 ? "-" : millis(row.p50Nanos()),
        row.p99Nanos() == 0 ? "-" : millis(row.p99Nanos()),
        keys(row.keys()));
  }

  private static String keys(OptionalInt keys) {
    return keys.isPresent() ? number(keys.getAsInt()) : "-";
  }

  private static int[] widths(List<List<String>> cells) {
    int[] widths = new int[HEADER.size()];
    for (List<String> row : cells) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return widths;
  }

  /** Text to the left, numbers to the right. */
  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? "" : GAP);
      line.append(column < TEXT_COLUMNS ? cell + padding : padding + cell);
    }
    return line.toString().stripTrailing();
  }
}
