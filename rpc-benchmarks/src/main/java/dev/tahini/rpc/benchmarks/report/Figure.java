package dev.tahini.rpc.benchmarks.report;

import java.util.List;

/**
 * What was measured of one contender in one scenario.
 *
 * @param scenario such as {@code "pick, N=100, 1 thread"}
 * @param contender such as {@code "round_robin"}
 * @param metric its unit: {@code "ns"}, {@code "bytes"}, {@code "calls/s"}
 * @param samples one of each round; those of two contenders at one index were measured one after
 *     the other, and so are a pair
 */
public record Figure(String scenario, String contender, String metric, List<Double> samples) {

  /** The middle one. */
  public double median() {
    return Statistics.median(samples);
  }

  /** Whether it is the same quantity as another, measured at another time. */
  public boolean isSameAs(Figure other) {
    return is(other.scenario, other.contender, other.metric);
  }

  /** Whether it is that quantity. */
  public boolean is(String scenario, String contender, String metric) {
    return this.scenario.equals(scenario)
        && this.contender.equals(contender)
        && this.metric.equals(metric);
  }
}
