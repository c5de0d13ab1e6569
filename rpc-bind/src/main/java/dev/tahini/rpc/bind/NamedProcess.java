package dev.tahini.rpc.bind;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process of {@code named}: at most one at a time, and none after {@link #end}. Which one is
 * guarded by the monitor of this object, since the end of the JVM ends it too.
 */
final class NamedProcess {
  private static final String LOG = "named.log";
  private static final String OUTPUT = "named.out";
  private static final int LONGEST_LOG = 4_000;
  private static final int KILL_SECONDS = 10;

  private final Path program;
  private final ServerFolder folder;
  private @Nullable Process process;
  private boolean ended;

  NamedProcess(Path program, ServerFolder folder) {
    this.program = program;
    this.folder = folder;
  }

  /** Starts it with the {@code named.conf} of the folder; it is not ready yet. */
  synchronized void launch() {
    if (ended) {
      throw new IllegalStateException("BIND server: closed (expected: one that is not)");
    }
    folder.remove(LOG);
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      program.toString(),
                      "-4",
                      "-f",
                      "-n",
                      "1",
                      "-L",
                      folder.file(LOG).toString(),
                      "-c",
                      folder.file("named.conf").toString()))
              .directory(folder.path().toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.file(OUTPUT).toFile())
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .start();
    } catch (IOException e) {
      throw new IllegalStateException("named: " + e, e);
    }
  }

  synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Its id, of one that runs. */
  synchronized long pid() {
    if (process == null || !process.isAlive()) {
      throw new IllegalStateException("named: not running (expected: a running one)");
    }
    return process.pid();
  }

  /** Waits a little for its end, which is a pause between two questions too. */
  boolean endsWithin(int millis) {
    Process waitedFor = current();
    try {
      return waitedFor == null || waitedFor.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("named: interrupted", e);
    }
  }

  /** Kills it, even if it is stopped, and waits for its end, interrupted or not. */
  void kill() {
    Process killed = current();
    if (killed != null) {
      killed.destroyForcibly();
      killed.onExit().orTimeout(KILL_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  /** Kills it, without waiting, for good: there is no other. */
  synchronized void end() {
    ended = true;
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private synchronized @Nullable Process current() {
    return process;
  }

  /** What it has said since it was started, the last of it. */
  String log() {
    String log = folder.read(OUTPUT) + folder.read(LOG);
    return log.substring(Math.max(0, log.length() - LONGEST_LOG));
  }
}
