package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.TimeSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The program: runs scenarios and prints their tables. See {@code --help}. */
public final class Lab {
  private final PrintStream out;
  private final TimeSource time;

  Lab(PrintStream out, TimeSource time) {
    this.out = out;
    this.time = time;
  }

  /**
   * Runs what the arguments ask for.
   *
   * @param args see {@code --help}
   * @throws IOException if the document cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    try {
      new Lab(System.out, TimeSource.system()).run(LabArguments.parse(args));
    } catch (InvalidValueException e) {
      System.err.println("lab: " + e.getMessage());
      System.exit(2);
    }
  }

  void run(LabArguments arguments) throws IOException {
    if (arguments.help()) {
      printHelp();
    } else if (arguments.speed()) {
      speed(arguments.seed(), arguments.calls());
    } else if (arguments.refresh() != null) {
      refresh(Path.of(arguments.refresh()), arguments);
    } else {
      arguments.scenarios().forEach(scenario -> print(scenario, arguments));
    }
  }

  private void printHelp() {
    out.printf(
        Locale.ROOT,
        """
        usage: ./lab [SCENARIO...] [--seed N] [--calls N] [--backends] [--refresh FILE]
               ./lab speed [--seed N] [--calls N]

        Runs simulations of the client against model servers in virtual time and prints, for each
        way to pick, what became of the calls. Latencies are those of the calls that succeeded.

          SCENARIO        %s; all unless given
          speed           measures how fast the simulation itself is
          --seed N        what all chance comes from (%d)
          --calls N       calls measured in each run (%d; for speed %d)
          --backends      prints every backend, too
          --refresh FILE  renews the tables in a document in place of printing them
        """,
        Scenario.ids(),
        Scenario.DEFAULT_SEED,
        Scenario.DEFAULT_CALLS,
        LabArguments.CALLS_FOR_SPEED);
  }

  private void print(Scenario scenario, LabArguments arguments) {
    ScenarioReport found = scenario.run(arguments.seed(), arguments.calls());
    out.printf("## %s%n%n%s%n%n%s%n", scenario.title(), scenario.description(), found);
    if (arguments.backends()) {
      found
          .byPick()
          .forEach(
              (pick, report) ->
                  out.printf("%s:%n%n%s%n", pick, ReportTables.backends(report.backends())));
    }
  }

  private static void refresh(Path file, LabArguments arguments) throws IOException {
    String document = Files.readString(file);
    for (Scenario scenario : arguments.scenarios()) {
      String table = scenario.run(arguments.seed(), arguments.calls()).toString();
      document = LabDocument.with(document, scenario, table);
    }
    Files.writeString(file, document);
  }

  private void speed(long seed, int calls) {
    long began = time.ticker().nanoTime();
    Report report =
        SimulatedCluster.builder()
            .seed(seed)
            .backends(10, backend -> backend)
            .clients(5)
            .pick(Pick.leastLoaded())
            .runCalls(calls);
    double seconds = (time.ticker().nanoTime() - began) / 1e9;
    out.printf(
        Locale.ROOT,
        "%d calls of 5 clients on 10 backends, least loaded, %.0f s of virtual time: %.2f s, %.0f"
            + " calls/s%n",
        report.total().calls(),
        report.total().length().toNanos() / 1e9,
        seconds,
        report.total().calls() / seconds);
  }
}
