package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.benchmarks.report.SavedRun;
import dev.tahini.rpc.benchmarks.report.Tables;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "compare",
    description = {
      "Puts two saved runs of one command beside each other. They were not measured in turns: a"
          + " change that matters should show in the ratios within each run too."
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "BEFORE", description = "A file that a run saved.")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "AFTER", description = "Another, of the same command.")
  private Path after = Path.of("");

  @Override
  public Integer call() throws IOException {
    SavedRun old = SavedRun.read(before);
    SavedRun found = SavedRun.read(after);
    if (!old.command().equals(found.command())) {
      throw new InvalidValueException(
          "file", after, "a run of \"" + old.command() + "\" as " + before + " is");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(Tables.comparison(old, found));
    out.println();
    out.println("before: " + old.conditions().text());
    out.println("after: " + found.conditions().text());
    return 0;
  }
}
