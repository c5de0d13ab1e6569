package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.page.PageBars;
import dev.tahini.rpc.benchmarks.page.PageRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "page",
    description = {
      "What /debug/backends costs: an answer with 4 and with 1,000 backends, and calls while the"
          + " page is loaded 50 times a second. About 3 minutes; with --quick 20 seconds.",
    })
final class PageCommand implements Callable<Integer> {
  private static final int USUAL_ROUNDS = 20;
  private static final int QUICK_ROUNDS = 3;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    int rounds = Choice.rounds(options.rounds, options.quick ? QUICK_ROUNDS : USUAL_ROUNDS);
    PageRun.Plan plan =
        new PageRun.Plan(
            PageRun.Plan.FLEETS,
            rounds,
            options.quick ? 2 : 5,
            options.quick ? 200 : 3_000,
            options.quick ? 300 : 1000,
            20);
    return options.run(
        "page", new PageRun(plan, RunOptions::progress)::run, PageBars.all(), PageBars::reference);
  }
}
