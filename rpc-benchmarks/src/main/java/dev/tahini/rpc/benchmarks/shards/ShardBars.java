package dev.tahini.rpc.benchmarks.shards;

import static dev.tahini.rpc.benchmarks.shards.ShardRun.BACKENDS;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Reference;
import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import java.util.List;

/** What this library's default way to shard is to reach, and may cost. */
public final class ShardBars {
  private static final String OURS = ShardContender.TAHINI.label();
  private static final String MAGLEV = ShardContender.MAGLEV.label();

  private ShardBars() {}

  /** All of them. */
  public static List<Bar> all() {
    String lookUp = Scenarios.lookUp(BACKENDS);
    String build = Scenarios.build(BACKENDS);
    return List.of(
        noneNeedless(Scenarios.leaves(10)),
        noneNeedless(Scenarios.leaves(100)),
        noneNeedless(Scenarios.joins(10)),
        noneNeedless(Scenarios.joins(100)),
        noneNeedless(Scenarios.reweighted(10)),
        Bar.atMost(Scenarios.spread(10), OURS, Scenarios.MOST, 1.06),
        Bar.atMost(Scenarios.spread(100), OURS, Scenarios.MOST, 1.12),
        Bar.atMost(Scenarios.spread(500), OURS, Scenarios.MOST, 1.25),
        Bar.atMost(Scenarios.weights(10), OURS, Scenarios.OFF, 2),
        Bar.beside(lookUp, OURS, Scenarios.NANOS, Rule.AT_MOST_TIMES, 1.5, MAGLEV),
        Bar.atMost(lookUp, OURS, Scenarios.BYTES, 0),
        Bar.beside(build, OURS, Scenarios.MILLIS, Rule.AT_MOST_TIMES, 3, MAGLEV),
        besideBuild(Scenarios.added(BACKENDS)),
        besideBuild(Scenarios.removed(BACKENDS)),
        Bar.atMost(Scenarios.table(BACKENDS), OURS, Scenarios.MEGABYTES, 16));
  }

  private static Bar noneNeedless(String scenario) {
    return Bar.atMost(scenario, OURS, Scenarios.NEEDLESS, 0);
  }

  private static Bar besideBuild(String scenario) {
    return new Bar(
        scenario,
        OURS,
        Scenarios.MILLIS,
        Rule.AT_MOST_TIMES,
        0.1,
        new Reference(Scenarios.build(BACKENDS), OURS));
  }
}
