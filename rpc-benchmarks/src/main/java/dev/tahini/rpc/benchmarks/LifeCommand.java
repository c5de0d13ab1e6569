package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.benchmarks.life.LifeBars;
import dev.tahini.rpc.benchmarks.life.LifeRun;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "life",
    description = {
      "Time and bytes of a channel's start, of a connection that is lost and one that is back, and"
          + " of one endpoint more. About 2 minutes; with --quick half of one."
    })
final class LifeCommand implements Callable<Integer> {
  private static final int USUAL_ROUNDS = 6;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    boolean quick = options.quick;
    int rounds = Choice.rounds(options.rounds, quick ? 1 : USUAL_ROUNDS);
    Set<Policy> contenders =
        options.contenders == null
            ? EnumSet.complementOf(EnumSet.of(Policy.PICK_FIRST))
            : Choice.of(Policy.class, Policy::label, options.contenders);
    LifeRun.Plan plan = new LifeRun.Plan(List.of(100, 1000, 10_000), contenders, rounds);
    return options.run(
        "life",
        new LifeRun(plan, RunOptions::progress)::run,
        LifeBars.all(),
        scenario -> Policy.ROUND_ROBIN.label());
  }
}
