package dev.tahini.rpc.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.tahini.rpc.examples.server.ListeningLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One server in a Java process of its own, which ends with this one however this one ends. */
final class ServerProcess {
  private static final Duration LONGEST_START = Duration.ofSeconds(20);

  private final Process process;
  private final CompletableFuture<String> address;

  private ServerProcess(Process process) {
    this.process = process;
    this.address =
        CompletableFuture.supplyAsync(() -> readAddress(process), ServerProcess::inItsOwnThread)
            .orTimeout(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
  }

  static ServerProcess start(Duration delay) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            // Newer JDKs warn about what Netty and protobuf do with memory; older ones know no such
            // option.
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            ExampleServer.class.getName(),
            "--delay-ms=" + delay.toMillis(),
            "--end-on-eof");
    return new ServerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static void inItsOwnThread(Runnable reading) {
    Thread thread = new Thread(reading, "server-start");
    thread.setDaemon(true);
    thread.start();
  }

  private static String readAddress(Process process) {
    try {
      BufferedReader out =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        var found = ListeningLine.address(line);
        if (found.isPresent()) {
          return found.get();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("server " + process.pid() + ": its output broke", e);
    }
    throw new IllegalStateException("server " + process.pid() + " ended before it listened");
  }

  /** Where it listens, as soon as it does. */
  CompletableFuture<String> address() {
    return address;
  }

  /** SIGKILL: no goodbye to anybody. */
  void kill() {
    process.destroyForcibly();
  }

  /** SIGTERM: it lets its calls end. */
  void end() {
    process.destroy();
  }

  /** Waits for its end, and kills it if it takes too long. */
  void awaitEnd(Duration longest) throws InterruptedException {
    if (!process.waitFor(longest.toNanos(), NANOSECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
