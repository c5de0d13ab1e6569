package dev.tahini.rpc.bind;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. Input and output are files, so that neither can block it. */
record Command(ServerFolder folder, int timeoutSeconds) {

  /**
   * What came of it.
   *
   * @param output both streams, as they came
   */
  record Outcome(int exit, String output) {}

  /**
   * Runs it.
   *
   * @throws IllegalStateException if it cannot be started, does not end in time, or this thread is
   *     interrupted, which it then still is
   */
  Outcome run(List<String> command, String input) {
    String program = command.get(0);
    folder.write("command.in", input);
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(folder.file("command.in").toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.file("command.out").toFile())
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(program + ": " + e, e);
    }
    try {
      if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            program + ": no end (expected: in " + timeoutSeconds + " s)\n" + output());
      }
      return new Outcome(process.exitValue(), output());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(program + ": interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private String output() {
    return folder.read("command.out");
  }
}
