package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Conditions;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.SavedRun;
import dev.tahini.rpc.benchmarks.report.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every run can be told, and what becomes of its figures. */
final class RunOptions {
  @Option(names = "--quick", description = "Less of everything: shows only what is far off.")
  boolean quick;

  @Option(
      names = "--contenders",
      split = ",",
      paramLabel = "NAMES",
      description = "Only these, with commas between.")
  @Nullable List<String> contenders;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each has its turn: 1 to 1000.")
  @Nullable String rounds;

  @Option(names = "--out", paramLabel = "FILE", description = "Where the figures are saved.")
  @Nullable Path out;

  /**
   * Measures, prints the table and saves the figures.
   *
   * @param references by which contender the others of a scenario are divided
   */
  int run(
      String command,
      Callable<List<Figure>> measuring,
      List<Bar> bars,
      Function<String, String> references)
      throws Exception {
    return run(command, measuring, figures -> Tables.of(figures, bars, references));
  }

  /** Measures, prints what becomes of the figures, and saves them. */
  int run(String command, Callable<List<Figure>> measuring, Function<List<Figure>, String> printed)
      throws Exception {
    Conditions before = Conditions.now();
    List<Figure> figures = measuring.call();
    SavedRun run = new SavedRun(command, before.atEnd(), figures);
    System.out.println(printed.apply(figures));
    System.out.println();
    System.out.println(run.conditions().text());
    save(run, command);
    return 0;
  }

  private void save(SavedRun run, String command) throws IOException {
    Path file = out;
    if (file == null) {
      file = folder().resolve("bench-" + command + ".json");
    }
    run.write(file);
    progress("saved in " + file);
  }

  /** Where files go, unless something else is said. */
  static Path folder() {
    return Path.of(System.getProperty("tahini.bench.target", "target"));
  }

  static void progress(String what) {
    System.err.println("bench: " + what);
  }
}
