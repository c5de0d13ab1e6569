package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.calls.CallBars;
import dev.tahini.rpc.benchmarks.calls.CallContender;
import dev.tahini.rpc.benchmarks.calls.CallRun;
import dev.tahini.rpc.benchmarks.calls.CallScenario;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "calls",
    description = {
      "Calls per second, the client's CPU time and bytes per call, over loopback to four servers in"
          + " another process. About 15 minutes; with --quick one."
    })
final class CallsCommand implements Callable<Integer> {
  private static final int USUAL_ROUNDS = 12;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    boolean quick = options.quick;
    int rounds = Choice.rounds(options.rounds, quick ? 2 : USUAL_ROUNDS);
    Set<CallContender> contenders =
        Choice.of(CallContender.class, CallContender::label, options.contenders);
    List<CallScenario> scenarios = quick ? CallScenario.few() : CallScenario.all();
    int forks = quick ? 1 : Math.min(3, rounds);
    CallRun.Plan plan = new CallRun.Plan(scenarios, contenders, forks, rounds, quick ? 400 : 700);
    return options.run(
        "calls",
        new CallRun(plan, RunOptions::progress)::run,
        CallBars.all(),
        scenario -> CallContender.ROUND_ROBIN.label());
  }
}
