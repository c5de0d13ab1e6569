package dev.tahini.rpc.benchmarks.life;

import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Reference;
import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import java.util.ArrayList;
import java.util.List;

/** What the start of a channel and its changes may cost. */
public final class LifeBars {
  private static final int LARGE = 10_000;
  private static final int MEDIUM = 1000;

  /** Ten times as many cost ten times as much, and half as much again for caches that miss. */
  private static final double LINEAR = 15;

  /** A change costs the same whatever the number; the same allowance. */
  private static final double INDEPENDENT = 1.5;

  private LifeBars() {}

  /** Those of 10,000 backends. */
  public static List<Bar> all() {
    List<Bar> bars = new ArrayList<>();
    bars.add(besideRoundRobin("start", "us", 1.0 / 50));
    bars.add(besideRoundRobin("start", "kB", 1.0 / 50));
    bars.add(besideFewer("start", "us", LINEAR));
    bars.add(besideFewer("start", "kB", LINEAR));
    for (String change : List.of("connection lost", "connection back")) {
      bars.add(besideRoundRobin(change, "us", 1.0 / 20));
      bars.add(besideRoundRobin(change, "kB", 1.0 / 100));
      bars.add(besideFewer(change, "us", INDEPENDENT));
      bars.add(besideFewer(change, "kB", INDEPENDENT));
    }
    return List.copyOf(bars);
  }

  private static Bar besideRoundRobin(String what, String metric, double limit) {
    return Bar.beside(
        at(what, LARGE),
        Policy.TAHINI.label(),
        metric,
        Rule.AT_MOST_TIMES,
        limit,
        Policy.ROUND_ROBIN.label());
  }

  private static Bar besideFewer(String what, String metric, double limit) {
    String ours = Policy.TAHINI.label();
    return new Bar(
        at(what, LARGE),
        ours,
        metric,
        Rule.AT_MOST_TIMES,
        limit,
        new Reference(at(what, MEDIUM), ours));
  }

  private static String at(String what, int backends) {
    return what + ", N=" + backends;
  }
}
