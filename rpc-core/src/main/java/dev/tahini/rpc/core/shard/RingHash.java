package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.util.Arrays;
import java.util.List;

/**
 * The ring of gRPC's and Envoy's {@code ring_hash}: a host stands at XXH64, seed 0, of {@code
 * identity_0}, {@code identity_1} and so on, as often as its weight says. Of hosts in one place the
 * first in their order owns it; the peers leave that open.
 *
 * <p>Source: gRFC A42; grpc-go, {@code balancer/ringhash/ring.go}; Envoy, {@code ring_hash_lb.cc}.
 *
 * @param minRingSize how many points there are at least, but for what {@code maxRingSize} cuts off
 * @param maxRingSize how many points there are at most, or one more where the sums of weights drift
 */
record RingHash(int minRingSize, int maxRingSize) implements ShardMap {
  static final int LARGEST_RING = 8_388_608;

  RingHash {
    if (maxRingSize < 1 || maxRingSize > LARGEST_RING) {
      throw new InvalidValueException("maxRingSize", maxRingSize, "1 to " + LARGEST_RING);
    }
    if (minRingSize < 1 || minRingSize > maxRingSize) {
      throw new InvalidValueException(
          "minRingSize", minRingSize, "1 to maxRingSize " + maxRingSize);
    }
  }

  @Override
  public String name() {
    return "ring_hash";
  }

  @Override
  public Table build(List<Endpoint> endpoints) {
    return ring(Host.sorted(endpoints, Endpoint::addressText));
  }

  /** The ring of hosts in the order given. */
  Ring ring(List<Host> hosts) {
    return new Ring(KeyHash.XXH64, hosts, points(hosts));
  }

  /** The points of hosts in the order given, sorted. */
  Points points(List<Host> hosts) {
    int[] counts = counts(Host.normalizedWeights(hosts));
    Points points = new Points(Arrays.stream(counts).sum());
    for (int i = 0; i < counts.length; i++) {
      Host host = hosts.get(i);
      String prefix = host.identity() + "_";
      for (int number = 0; number < counts[i]; number++) {
        points.add(KeyHash.XXH64.of((prefix + number).getBytes(UTF_8)), host.index());
      }
    }
    points.sort();
    return points;
  }

  /**
   * How often each host stands in the ring. The running sums are the peers', in their order: what
   * they round, and so which host has a point more, is part of the scheme.
   */
  private int[] counts(double[] weights) {
    double least = Arrays.stream(weights).min().orElseThrow();
    double scale = Math.min(Math.ceil(least * minRingSize) / least, maxRingSize);
    int[] counts = new int[weights.length];
    double current = 0;
    double target = 0;
    for (int i = 0; i < weights.length; i++) {
      target += scale * weights[i];
      while (current < target) {
        counts[i]++;
        current++;
      }
    }
    return counts;
  }
}
