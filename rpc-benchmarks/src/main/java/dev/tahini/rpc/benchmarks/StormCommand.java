package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.storm.StormContender;
import dev.tahini.rpc.benchmarks.storm.StormRun;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "storm",
    description = {
      "Clients of 200 calls/s each, and no backend for 30 s: how many attempts retries make of their"
          + " calls, and how soon all is well again. Simulated in the lab, the same on any machine.",
      "200 clients, one round: about 4 minutes; with --quick 20, half a minute. Each further round"
          + " has another seed.",
      "Contenders: tahini, the default policy and budget; tahini_no_budget; plain_retries, 5 attempts"
          + " whatever the failure; grpc_throttling_model, those by the rule of gRPC's"
          + " retryThrottling (100 tokens, ratio 0.1); no_retries.",
      "No figure until 99.9 % succeed: not within the 30 s after the backends are back."
    })
final class StormCommand implements Callable<Integer> {
  private static final int CLIENTS = 200;
  private static final int FEW_CLIENTS = 20;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    Set<StormContender> contenders =
        Choice.of(StormContender.class, StormContender::label, options.contenders);
    int rounds = Choice.rounds(options.rounds, 1);
    StormRun.Plan plan =
        new StormRun.Plan(options.quick ? FEW_CLIENTS : CLIENTS, contenders, rounds);
    return options.run(
        "storm", new StormRun(plan, RunOptions::progress)::run, StormRun.bars(), scenario -> "");
  }
}
