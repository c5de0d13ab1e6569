package dev.tahini.rpc.tests.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program of the test's class path in a process of its own, which talks in lines that begin with
 * {@link #SAYS}. It ends with this object at the latest. Driven by the test's one thread.
 */
final class ChildJvm implements AutoCloseable {
  /** What else is printed is log, and shown when the program ends before its time. */
  private static final String SAYS = "child: ";

  private static final String END = "end of output";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String name;
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ChildJvm(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /** Starts a program without waiting for it. */
  static ChildJvm start(Class<?> main, List<String> jvmArguments, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    for (String key : List.of("java.util.logging.config.file", "logback.configurationFile")) {
      command.add("-D" + key + "=" + System.getProperty(key, ""));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
      ChildJvm child = new ChildJvm(main.getSimpleName(), started);
      RawServer.daemon(child::read);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For programs: says something to the test. */
  static void say(String line) {
    System.out.println(SAYS + line);
  }

  /** For programs: ends this process when the test's does, whose end of the pipe is then closed. */
  static void endWithTheTest() {
    RawServer.daemon(
        () -> {
          try {
            while (System.in.read() >= 0) {
              // the test says nothing
            }
          } catch (IOException gone) {
            // as good as the end
          }
          Runtime.getRuntime().halt(1);
        });
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException killed) {
      // nothing more will come
    }
    lines.add(END);
  }

  /** Waits for what the program says next. */
  String line() {
    List<String> log = new ArrayList<>();
    long start = System.nanoTime();
    try {
      while (true) {
        long left = PATIENCE.toNanos() - (System.nanoTime() - start);
        String line = lines.poll(left, TimeUnit.NANOSECONDS);
        if (line == null || line.equals(END)) {
          throw new AssertionError(
              name + (line == null ? " is silent: " : " has ended: ") + String.join("\n", log));
        }
        if (line.startsWith(SAYS)) {
          return line.substring(SAYS.length());
        }
        log.add(line);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for a line of figures. */
  Figures figures() {
    return Figures.parse(line());
  }

  /** Ends the process as SIGKILL does, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(name + " lives on");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
