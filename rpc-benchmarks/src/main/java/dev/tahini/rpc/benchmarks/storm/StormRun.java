package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Lets every contender go through the same storms. Nothing is measured but counts in virtual time:
 * a round gives the same figures on any machine.
 */
public final class StormRun {
  static final String CALLS = "calls";
  static final String ATTEMPTS = "attempts";
  static final String MOST = "most attempts per call in 10 s";
  static final String MOST_OF_SECOND = "in 1 s";
  static final String RECOVERY = "s until 99.9 % succeed";
  static final String FAILED = "failed calls";

  private static final double MOST_ALLOWED = 1.3;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration BEFORE = Duration.ofSeconds(15);
  private static final Duration DOWN = Duration.ofSeconds(30);
  private static final Duration AFTER = Duration.ofSeconds(30);
  private static final int FIRST_SEED = 42;
  private static final int PHASE_MILLIS = 300;

  private final Samples samples = new Samples();
  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * A run.
   *
   * @param plan what to simulate
   * @param progress told of each storm
   */
  public StormRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to simulate.
   *
   * @param clients of 200 calls a second each
   * @param rounds each with a seed of its own; the backends go down at another tenth of a second
   */
  public record Plan(int clients, Set<StormContender> contenders, int rounds) {}

  /** What the budget is for. */
  public static List<Bar> bars() {
    return Arrays.stream(StormScenario.values())
        .map(s -> Bar.atMost(s.label(), StormContender.TAHINI.label(), MOST, MOST_ALLOWED))
        .toList();
  }

  /** Simulates it all. */
  public List<Figure> run() {
    for (StormScenario scenario : StormScenario.values()) {
      for (int round = 0; round < plan.rounds(); round++) {
        for (StormContender contender : plan.contenders()) {
          progress.accept(
              scenario.label()
                  + ", "
                  + contender.label()
                  + ", round "
                  + (round + 1)
                  + " of "
                  + plan.rounds());
          add(scenario, contender, storm(round));
        }
      }
    }
    return samples.figures();
  }

  /** Budgets go by whole seconds; the storm does not. */
  private Storm storm(int round) {
    Duration down = BEFORE.plusMillis(PHASE_MILLIS * (round + 1L) % 1000);
    Duration back = down.plus(DOWN);
    return new Storm(plan.clients(), down, back, back.plus(AFTER), (long) FIRST_SEED + round);
  }

  private void add(StormScenario scenario, StormContender contender, Storm storm) {
    StormMeter meter = storm.run(scenario, contender);
    String where = scenario.label();
    String who = contender.label();
    samples.add(where, who, CALLS, (double) meter.calls());
    samples.add(where, who, ATTEMPTS, (double) meter.attempts());
    samples.add(where, who, MOST, meter.mostAttemptsPerCall(WINDOW));
    samples.add(where, who, MOST_OF_SECOND, meter.mostAttemptsPerCall(SECOND));
    meter
        .secondsUntilWell(storm.back())
        .ifPresent(seconds -> samples.add(where, who, RECOVERY, seconds));
    samples.add(where, who, FAILED, (double) meter.failed());
  }
}
