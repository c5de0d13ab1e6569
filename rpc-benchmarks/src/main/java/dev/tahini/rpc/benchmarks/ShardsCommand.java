package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.shards.ShardBars;
import dev.tahini.rpc.benchmarks.shards.ShardContender;
import dev.tahini.rpc.benchmarks.shards.ShardRun;
import dev.tahini.rpc.benchmarks.shards.ShardTable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "shards",
    description = {
      "Ways to shard keys: which keys move, how evenly and by which weights they are spread, time"
          + " and bytes of a look-up and of tables. About 3 minutes; with --quick one. --rounds is"
          + " of look-ups."
    })
final class ShardsCommand implements Callable<Integer> {
  private static final int KEYS = 200_000;
  private static final int USUAL_ROUNDS = 3;
  private static final int PAIRS = 10;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    boolean quick = options.quick;
    int rounds = Choice.rounds(options.rounds, quick ? 1 : USUAL_ROUNDS);
    Set<ShardContender> contenders =
        Choice.of(ShardContender.class, ShardContender::label, options.contenders);
    ShardRun.Plan plan =
        new ShardRun.Plan(
            contenders,
            KEYS,
            quick ? 2 : 5,
            quick ? 2 : 5,
            quick ? 5 : 15,
            quick ? 300 : 1500,
            rounds,
            quick ? rounds : Math.max(rounds, PAIRS),
            RunOptions.folder().resolve("bench-jmh.log"));
    List<Bar> bars = ShardBars.all();
    return options.run(
        "shards",
        new ShardRun(plan, RunOptions::progress)::run,
        figures -> ShardTable.of(figures, bars));
  }
}
