package dev.tahini.rpc.benchmarks.picks;

import static dev.tahini.rpc.benchmarks.picks.PickContender.LEAST_REQUEST;
import static dev.tahini.rpc.benchmarks.picks.PickContender.RING_HASH;
import static dev.tahini.rpc.benchmarks.picks.PickContender.TAHINI_ADDRESS;
import static dev.tahini.rpc.benchmarks.picks.PickContender.TAHINI_LEAST_LOADED;
import static dev.tahini.rpc.benchmarks.picks.PickContender.TAHINI_RANDOM;
import static dev.tahini.rpc.benchmarks.picks.PickContender.TAHINI_SHARD;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import java.util.List;
import java.util.Locale;

/** What a pick may cost. */
public final class PickBars {
  private PickBars() {}

  /** The bars of some scenarios. */
  public static List<Bar> of(List<PickScenario> scenarios) {
    return scenarios.stream().flatMap(scenario -> of(scenario).stream()).toList();
  }

  static List<Bar> of(PickScenario scenario) {
    String at = scenario.label();
    String ours = TAHINI_LEAST_LOADED.label();
    String theirs = LEAST_REQUEST.label();
    if (scenario.method().equals("call")) {
      return List.of(
          Bar.beside(at, ours, "ns", Rule.AT_MOST_TIMES, 1.1, theirs),
          Bar.beside(at, ours, "bytes", Rule.AT_MOST_TIMES, 1, theirs));
    }
    return List.of(
        Bar.beside(at, ours, "ns", Rule.AT_MOST_TIMES, 1, theirs),
        Bar.atMost(at, ours, "bytes", 0),
        Bar.beside(at, TAHINI_RANDOM.label(), "ns", Rule.AT_MOST_TIMES, 1, ours),
        Bar.atMost(at, TAHINI_RANDOM.label(), "bytes", 0),
        Bar.atMost(at, TAHINI_ADDRESS.label(), "ns", 60),
        Bar.atMost(at, TAHINI_ADDRESS.label(), "bytes", 0),
        Bar.beside(at, TAHINI_SHARD.label(), "ns", Rule.AT_MOST_TIMES, 0.6, RING_HASH.label()),
        Bar.atMost(at, TAHINI_SHARD.label(), "bytes", 0));
  }

  static PickContender contender(String label) {
    return PickContender.valueOf(label.toUpperCase(Locale.ROOT));
  }
}
