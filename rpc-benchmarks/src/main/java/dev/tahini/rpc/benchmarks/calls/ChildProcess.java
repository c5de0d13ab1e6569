package dev.tahini.rpc.benchmarks.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process that answers each line with one. Ends with this process however that ends: its
 * input ends then. One thread uses it.
 */
public final class ChildProcess implements AutoCloseable {
  private static final int LONGEST_END_SECONDS = 5;

  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;
  private final Thread killer;

  /** Starts it with the class path of this process. */
  public ChildProcess(Class<?> main, List<String> jvmArgs, List<String> args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UseG1GC"));
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(jvmArgs);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(args);
    this.name = main.getSimpleName() + " " + String.join(" ", args);
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    this.in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
    this.killer = new Thread(process::destroyForcibly, "end-" + main.getSimpleName());
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /** Sends a line. */
  public void say(String line) throws IOException {
    in.write(line);
    in.newLine();
    in.flush();
  }

  /**
   * Waits for the next line.
   *
   * @throws IOException if the process ended instead; what it said is on stderr
   */
  public String hear() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException(name + ": ended unexpectedly");
    }
    return line;
  }

  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // This process is ending, and the hook has run.
    }
  }
}
