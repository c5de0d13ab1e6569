package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.picks.PickBars;
import dev.tahini.rpc.benchmarks.picks.PickContender;
import dev.tahini.rpc.benchmarks.picks.PickRun;
import dev.tahini.rpc.benchmarks.picks.PickScenario;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "picks",
    description = {
      "Time and bytes of one pick, by JMH, each measurement in a JVM of its own. Those near a bar"
          + " get 10 pairs and an interval. About 10 minutes; with --quick one."
    })
final class PicksCommand implements Callable<Integer> {
  private static final int USUAL_ROUNDS = 2;
  private static final int PAIRS = 10;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    boolean quick = options.quick;
    int rounds = Choice.rounds(options.rounds, quick ? 1 : USUAL_ROUNDS);
    Set<PickContender> contenders =
        Choice.of(PickContender.class, PickContender::label, options.contenders);
    List<PickScenario> scenarios = quick ? PickScenario.few() : PickScenario.all();
    PickRun.Plan plan =
        new PickRun.Plan(
            scenarios,
            contenders,
            rounds,
            quick ? rounds : Math.max(rounds, PAIRS),
            100,
            RunOptions.folder().resolve("bench-jmh.log"));
    return options.run(
        "picks",
        new PickRun(plan, RunOptions::progress)::run,
        PickBars.of(scenarios),
        scenario -> PickContender.LEAST_REQUEST.label());
  }
}
