package dev.tahini.rpc.examples.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * The table redrawn in place at the foot of a terminal, and what is said above it. Uses the control
 * sequences of ECMA-48 that every terminal of today knows.
 */
final class LiveDisplay implements Display {
  private static final Duration PACE = Duration.ofMillis(250);
  private static final String HIDE_CURSOR = "\033[?25l";
  private static final String SHOW_CURSOR = "\033[?25h";
  private static final String CLEAR_REST = "\033[J";
  private static final String CLEAR_LINE_REST = "\033[K";
  private static final String CUT_LINES = "\033[?7l"; // a wrapped line would count twice
  private static final String WRAP_LINES = "\033[?7h";

  private final TableRenderer renderer = new TableRenderer();
  private final PrintStream out;
  private List<String> table = List.of();
  private boolean closed;

  LiveDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void show(Frame frame) {
    if (!closed) {
      String home = toTopOfTable();
      table = renderer.render(frame);
      print(HIDE_CURSOR + home + drawTable());
    }
  }

  @Override
  public synchronized void say(String line) {
    if (!closed) {
      print(toTopOfTable() + CLEAR_REST + line + "\n" + drawTable());
    }
  }

  private String toTopOfTable() {
    return table.isEmpty() ? "" : "\r\033[" + table.size() + "A";
  }

  private String drawTable() {
    StringBuilder drawn = new StringBuilder(CUT_LINES);
    table.forEach(line -> drawn.append(line).append(CLEAR_LINE_REST).append('\n'));
    return drawn.append(WRAP_LINES).append(CLEAR_REST).toString();
  }

  private void print(String text) {
    out.print(text);
    out.flush();
  }

  @Override
  public Duration pace() {
    return PACE;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      print(SHOW_CURSOR);
    }
  }
}
