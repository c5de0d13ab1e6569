package dev.tahini.rpc.benchmarks.picks;

import static java.util.stream.Collectors.toCollection;

import dev.tahini.rpc.benchmarks.harness.JmhFork;
import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs {@link PickBenchmark} so that contenders take turns: each measurement is a fork of its own,
 * and in every round each contender has one. Then more rounds for those contenders whose ratio is
 * near a bar, until there are enough pairs for an interval.
 */
public final class PickRun {
  /** A ratio that is farther from its bar than this is clear after a few rounds. */
  private static final double NEAR = 1.25;

  private final Plan plan;
  private final Consumer<String> progress;
  private final Samples samples = new Samples();

  /**
   * A run.
   *
   * @param plan what to measure
   * @param progress told of each scenario
   */
  public PickRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to measure.
   *
   * @param rounds of everybody
   * @param pairs of those near a bar
   * @param millis of each iteration that counts; those before, for the JIT, are twice as long
   * @param log what JMH says of the last fork
   */
  public record Plan(
      List<PickScenario> scenarios,
      Set<PickContender> contenders,
      int rounds,
      int pairs,
      int millis,
      Path log) {}

  /** Measures it all; minutes. */
  public List<Figure> run() throws RunnerException {
    for (PickScenario scenario : plan.scenarios()) {
      progress.accept(scenario.label());
      List<PickContender> contenders =
          plan.contenders().stream().filter(scenario::has).collect(toCollection(ArrayList::new));
      for (int round = 0; round < plan.rounds(); round++) {
        measure(scenario, contenders);
        Collections.reverse(contenders);
      }
      Set<PickContender> close = nearBars(scenario);
      for (int round = plan.rounds(); round < plan.pairs() && !close.isEmpty(); round++) {
        measure(scenario, List.copyOf(close));
      }
    }
    return samples.figures();
  }

  private void measure(PickScenario scenario, List<PickContender> contenders)
      throws RunnerException {
    for (PickContender contender : contenders) {
      measure(scenario, contender);
    }
  }

  private void measure(PickScenario scenario, PickContender contender) throws RunnerException {
    JmhFork.Cost cost =
        new JmhFork(
                PickBenchmark.class,
                scenario.method(),
                Map.of(
                    "contender", contender.name(), "backends", String.valueOf(scenario.backends())),
                scenario.threads(),
                plan.millis(),
                plan.log())
            .measure();
    samples.add(scenario.label(), contender.label(), "ns", cost.cpuNanos());
    samples.add(scenario.label(), contender.label(), "wall ns", cost.wallNanos());
    samples.add(scenario.label(), contender.label(), "bytes", cost.bytes());
  }

  /** Both contenders of each bar that is not clear yet. */
  private Set<PickContender> nearBars(PickScenario scenario) {
    Set<PickContender> near = EnumSet.noneOf(PickContender.class);
    for (Bar bar : PickBars.of(scenario)) {
      Bar.Reference reference = bar.reference();
      if (reference != null && bar.metric().equals("ns")) {
        bar.judge(samples.figures())
            .filter(found -> isNear(found, bar.limit()))
            .ifPresent(
                found -> {
                  near.add(PickBars.contender(bar.contender()));
                  near.add(PickBars.contender(reference.contender()));
                });
      }
    }
    return near;
  }

  private static boolean isNear(Bar.Finding found, double limit) {
    double ratio = found.value() / limit;
    return found.verdict() == Bar.Verdict.WITHIN_NOISE || (ratio < NEAR && ratio > 1 / NEAR);
  }
}
