package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.calls.CallBars;
import dev.tahini.rpc.benchmarks.calls.CallContender;
import dev.tahini.rpc.benchmarks.calls.CallRun;
import dev.tahini.rpc.benchmarks.calls.CallScenario;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "calls",
    description = {
      "Calls per second, the client's CPU time and bytes per call, over loopback to four servers in"
          + " another process. About 20 minutes; with --quick one. Contenders that answer a question"
          + " of their own, such as round_robin_no_retry, take part only if they are named."
    })
final class CallsCommand implements Callable<Integer> {
  private static final int USUAL_ROUNDS = 12;

  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--scenarios",
      split = ",",
      paramLabel = "NAMES",
      description = "Only these, such as future-16 and async-128, with commas between.")
  private @Nullable List<String> scenarios;

  @Override
  public Integer call() throws Exception {
    boolean quick = options.quick;
    int rounds = Choice.rounds(options.rounds, quick ? 2 : USUAL_ROUNDS);
    int forks = quick ? 1 : Math.min(3, rounds);
    CallRun.Plan plan =
        new CallRun.Plan(scenarios(), contenders(), forks, rounds, quick ? 400 : 700);
    return options.run(
        "calls",
        new CallRun(plan, RunOptions::progress)::run,
        CallBars.all(),
        scenario -> CallContender.ROUND_ROBIN.label());
  }

  private Set<CallContender> contenders() {
    return options.contenders == null
        ? CallContender.usual()
        : Choice.of(CallContender.class, CallContender::label, options.contenders);
  }

  private List<CallScenario> scenarios() {
    if (scenarios != null) {
      return Choice.of("scenario", CallScenario.all(), CallScenario::name, scenarios);
    }
    return options.quick ? CallScenario.few() : CallScenario.all();
  }
}
