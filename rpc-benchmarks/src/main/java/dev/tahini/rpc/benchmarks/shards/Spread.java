package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import java.util.Arrays;
import java.util.List;

/** How keys are spread over endpoints: the number that each has. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Spread(int[] counts) {

  /**
   * Counts.
   *
   * @param owners by key
   * @param endpoints how many there are
   */
  static Spread of(int[] owners, int endpoints) {
    int[] counts = new int[endpoints];
    for (int owner : owners) {
      counts[owner]++;
    }
    return new Spread(counts);
  }

  private double keys() {
    return Arrays.stream(counts).sum();
  }

  /** The keys of the one that has most, beside those that each would have. */
  double mostToAverage() {
    return Arrays.stream(counts).max().orElse(0) * counts.length / keys();
  }

  /** The largest difference of an endpoint's part of the keys and its part of the weights. */
  double farthestFromWeights(List<Endpoint> endpoints) {
    double weights = endpoints.stream().mapToDouble(Endpoint::weight).sum();
    double farthest = 0;
    for (int i = 0; i < counts.length; i++) {
      double off = counts[i] / keys() - endpoints.get(i).weight() / weights;
      farthest = Math.max(farthest, Math.abs(off));
    }
    return farthest;
  }

  /** How many have any. */
  long reached() {
    return Arrays.stream(counts).filter(count -> count > 0).count();
  }
}
