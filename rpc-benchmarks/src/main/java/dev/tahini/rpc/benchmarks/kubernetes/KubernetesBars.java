package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Reference;
import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import java.util.List;

/** How soon a new pod has to be called, and what a change may cost. */
public final class KubernetesBars {
  private static final double MILLIS_TO_FIRST_CALL = 100;
  private static final double PART_OF_A_LIST = 1.0 / 20;

  private KubernetesBars() {}

  /** Those of this project's discovery. */
  public static List<Bar> all() {
    String asItComes = KubernetesContender.TAHINI.label();
    String atOnce = KubernetesContender.TAHINI_AT_ONCE.label();
    return List.of(
        Bar.atMost(Metrics.ONE_MORE, asItComes, Metrics.TO_FIRST_CALL, MILLIS_TO_FIRST_CALL),
        Bar.atMost(Metrics.ONE_MORE, asItComes, Metrics.FAILED, 0),
        new Bar(
            Metrics.CHANGE,
            atOnce,
            Metrics.CPU,
            Rule.AT_MOST_TIMES,
            PART_OF_A_LIST,
            new Reference(Metrics.LIST, atOnce)));
  }
}
