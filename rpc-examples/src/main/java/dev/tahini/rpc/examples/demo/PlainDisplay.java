package dev.tahini.rpc.examples.demo;

import java.io.PrintStream;
import java.time.Duration;

/** One line after another, for files, pipes and logs. */
final class PlainDisplay implements Display {
  private static final Duration PACE = Duration.ofSeconds(2);

  private final TableRenderer renderer = new TableRenderer();
  private final PrintStream out;
  private boolean closed;

  PlainDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void show(Frame frame) {
    if (!closed) {
      renderer.render(frame).forEach(out::println);
    }
  }

  @Override
  public synchronized void say(String line) {
    if (!closed) {
      out.println(line);
    }
  }

  @Override
  public Duration pace() {
    return PACE;
  }

  @Override
  public synchronized void close() {
    closed = true;
    out.flush();
  }
}
