package dev.tahini.rpc.testing.lab;

import org.HdrHistogram.AbstractHistogram;

/**
 * How long calls took, in microseconds, to three digits. Immutable.
 *
 * @param count of calls; with none all else is 0
 * @param meanMicros their mean
 * @param p50Micros the median
 * @param p90Micros what 90 % took at most
 * @param p99Micros what 99 % took at most
 * @param p999Micros what 99.9 % took at most
 * @param maxMicros the longest
 */
public record Latencies(
    long count,
    double meanMicros,
    long p50Micros,
    long p90Micros,
    long p99Micros,
    long p999Micros,
    long maxMicros) {

  static Latencies of(AbstractHistogram micros) {
    if (micros.getTotalCount() == 0) { // an empty one answers with the end of its first bucket
      return new Latencies(0, 0, 0, 0, 0, 0, 0);
    }
    return new Latencies(
        micros.getTotalCount(),
        micros.getMean(),
        micros.getValueAtPercentile(50),
        micros.getValueAtPercentile(90),
        micros.getValueAtPercentile(99),
        micros.getValueAtPercentile(99.9),
        micros.getMaxValue());
  }
}
