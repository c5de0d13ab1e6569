package dev.tahini.rpc.core.shard;

import java.util.List;

/**
 * A ring of points: a key belongs to the host of the first point at or after the key's hash,
 * unsigned, wrapping at the end; its order goes on from there, point by point.
 */
final class Ring extends WalkedTable {
  private final Points points;

  /**
   * Takes finished points.
   *
   * @param keyHash of keys and points
   * @param hosts in their order
   * @param points sorted; at least one
   */
  Ring(KeyHash keyHash, List<Host> hosts, Points points) {
    super(keyHash, hosts, points.present(hosts.size()), points.shares(keyHash, hosts.size()));
    this.points = points;
  }

  @Override
  long start(long hash) {
    return points.firstAtOrAfter(hash);
  }

  @Override
  int ownerAt(long start, int step) {
    long point = start + step;
    int size = points.size();
    return points.owner((int) (point < size ? point : point - size));
  }

  @Override
  int steps() {
    return points.size();
  }
}
