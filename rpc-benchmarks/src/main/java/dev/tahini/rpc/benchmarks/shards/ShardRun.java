package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.benchmarks.harness.JmhFork;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.openjdk.jmh.runner.RunnerException;

/** Measures ways to shard keys, all on the same fleets and keys. */
public final class ShardRun {
  /** The number of backends at which costs are compared. */
  static final int BACKENDS = 1000;

  static final int MANY = 10_000;

  /** Those that are built at every size; bars compare their look-ups, too. */
  static final Set<ShardContender> CLOSE = Set.of(ShardContender.TAHINI, ShardContender.MAGLEV);

  static final List<Integer> SIZES = List.of(10, 100, BACKENDS, MANY);

  private final Samples samples = new Samples();
  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * A run.
   *
   * @param plan what to measure
   * @param progress told of each part
   */
  public ShardRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to measure.
   *
   * @param keys how many, the same for all
   * @param fleets different ones; at most 5: with more a bar is judged by their median, and here
   *     each of them has to hold
   * @param leavers how many of each fleet leave, one at a time
   * @param builds rounds of what is measured in this process
   * @param warmUpMillis of each contender before those
   * @param lookUps rounds of JMH, of everybody
   * @param pairs rounds of JMH of those that a bar compares
   * @param log what JMH says of the last fork
   */
  public record Plan(
      Set<ShardContender> contenders,
      int keys,
      int fleets,
      int leavers,
      int builds,
      int warmUpMillis,
      int lookUps,
      int pairs,
      Path log) {}

  /** Measures it all; minutes. */
  public List<Figure> run() throws RunnerException {
    List<ShardContender> contenders = plan.contenders().stream().sorted().toList();
    ownKeys(contenders);
    lookUp(contenders);
    build(contenders);
    weigh(contenders);
    return samples.figures();
  }

  private void ownKeys(List<ShardContender> contenders) {
    KeyRun run = new KeyRun(samples, new ShardKeys(plan.keys()), plan.leavers());
    for (int fleet = 0; fleet < plan.fleets(); fleet++) {
      progress.accept("keys of fleet " + (fleet + 1) + " of " + plan.fleets());
      for (ShardContender contender : contenders) {
        run.measure(contender, fleet);
      }
    }
    progress.accept("backends of " + MANY + " that have keys");
    contenders.forEach(contender -> run.measureReach(contender, MANY));
  }

  private void lookUp(List<ShardContender> contenders) throws RunnerException {
    List<ShardContender> order = new ArrayList<>(contenders);
    for (int round = 0; round < plan.pairs(); round++) {
      progress.accept("look-ups, round " + (round + 1) + " of " + plan.pairs());
      if (round == plan.lookUps()) {
        order.retainAll(CLOSE);
      }
      for (ShardContender contender : order) {
        lookUp(contender);
      }
      Collections.reverse(order);
    }
  }

  private void lookUp(ShardContender contender) throws RunnerException {
    JmhFork.Cost cost =
        new JmhFork(
                LookUpBenchmark.class,
                "lookUp",
                Map.of("contender", contender.name(), "backends", String.valueOf(BACKENDS)),
                1,
                100,
                plan.log())
            .measure();
    String scenario = Scenarios.lookUp(BACKENDS);
    samples.add(scenario, contender.label(), Scenarios.NANOS, cost.cpuNanos());
    samples.add(scenario, contender.label(), Scenarios.WALL_NANOS, cost.wallNanos());
    samples.add(scenario, contender.label(), Scenarios.BYTES, cost.bytes());
  }

  private void build(List<ShardContender> contenders) {
    BuildRun run = new BuildRun(samples, plan.builds(), plan.warmUpMillis());
    List<ShardContender> close = contenders.stream().filter(CLOSE::contains).toList();
    for (int backends : SIZES) {
      progress.accept("builds, N=" + backends);
      run.measureBuilds(backends == BACKENDS ? contenders : close, backends);
    }
    progress.accept("changes, N=" + BACKENDS);
    run.measureChanges(contenders, BACKENDS);
  }

  private void weigh(List<ShardContender> contenders) {
    for (int backends : List.of(BACKENDS, MANY)) {
      progress.accept("bytes, N=" + backends);
      for (ShardContender contender : contenders) {
        if (contender.canServe(backends)) {
          weigh(contender, backends);
        }
      }
    }
  }

  private void weigh(ShardContender contender, int backends) {
    List<Endpoint> endpoints = Fleet.of(0, backends).endpoints();
    try (Placement placement = contender.open(endpoints)) {
      placement
          .table()
          .ifPresent(
              table ->
                  samples.add(
                      Scenarios.table(backends),
                      contender.label(),
                      Scenarios.MEGABYTES,
                      TableSize.megabytes(table, endpoints)));
    }
  }
}
