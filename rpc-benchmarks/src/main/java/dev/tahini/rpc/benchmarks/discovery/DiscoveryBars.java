package dev.tahini.rpc.benchmarks.discovery;

import dev.tahini.rpc.benchmarks.report.Bar;
import java.util.List;

/** How soon a new backend has to be called, and at what price. */
public final class DiscoveryBars {
  private static final double TTLS = 1.5;

  private DiscoveryBars() {}

  /** Those of this project's client. */
  public static List<Bar> all() {
    String ours = DiscoveryContender.TAHINI.label();
    return List.of(
        Bar.atMost(Metrics.ONE_MORE, ours, Metrics.SECONDS, TTLS * Greeter.TTL_SECONDS),
        Bar.atMost(Metrics.CALLS_MADE, ours, Metrics.FAILED, 0));
  }
}
