package dev.tahini.rpc.testing.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table in Markdown whose columns are as wide as what is in them, text to the left and numbers to
 * the right.
 */
final class Table {
  private final int textColumns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param textColumns how many of the first columns hold text
   */
  Table(int textColumns, List<String> header) {
    this.textColumns = textColumns;
    rows.add(header);
  }

  void row(List<String> cells) {
    rows.add(cells);
  }

  /** The lines, each with its end. */
  String render() {
    int[] widths = new int[rows.get(0).size()];
    rows.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length())));
    StringBuilder text = new StringBuilder();
    append(text, rows.get(0), widths);
    for (int i = 0; i < widths.length; i++) {
      String line = "-".repeat(widths[i]);
      text.append("| ").append(line).append(i < textColumns ? " " : ":");
    }
    text.append("|\n");
    rows.stream().skip(1).forEach(row -> append(text, row, widths));
    return text.toString();
  }

  private void append(StringBuilder text, List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - row.get(i).length());
      String cell = i < textColumns ? row.get(i) + padding : padding + row.get(i);
      text.append("| ").append(cell).append(' ');
    }
    text.append("|\n");
  }

  static String millis(long micros) {
    return String.format(Locale.ROOT, "%.1f", micros / 1e3);
  }

  static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f %%", part * 100);
  }
}
