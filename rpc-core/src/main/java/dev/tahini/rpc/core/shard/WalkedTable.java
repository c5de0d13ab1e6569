package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.ShardMap;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A table in which a key's order is a walk: from the key's own place on, until every place has been
 * passed; then come the hosts that have no place, in the order of hosts. Immutable.
 */
abstract sealed class WalkedTable implements ShardMap.Table permits Ring, MaglevTable {
  private final KeyHash keyHash;
  private final double[] shares;
  private final int[] placed;
  private final int[] placeless;

  /**
   * Takes what all walks have in common.
   *
   * @param keyHash of the keys
   * @param hosts in their order
   * @param present whether a host has a place, by its index
   * @param shares of the hosts, by their index
   */
  WalkedTable(KeyHash keyHash, List<Host> hosts, boolean[] present, double[] shares) {
    this.keyHash = keyHash;
    this.shares = shares;
    placed = hosts.stream().mapToInt(Host::index).filter(index -> present[index]).toArray();
    placeless = hosts.stream().mapToInt(Host::index).filter(index -> !present[index]).toArray();
  }

  /** Where the walk of a hash begins. */
  abstract long start(long hash);

  /** Whose place a walk passes at a step; steps count from 0. */
  abstract int ownerAt(long start, int step);

  /** After how many steps a walk has passed every place at least once. */
  abstract int steps();

  @Override
  public final long hash(byte[] key) {
    return keyHash.of(key);
  }

  @Override
  public final int owner(long hash) {
    return ownerAt(start(hash), 0);
  }

  @Override
  public final int owner(long hash, IntPredicate usable) {
    long start = start(hash);
    int steps = steps();
    for (int step = 0; step < steps; step++) {
      // A walk may be a million steps long: not in vain.
      if (step == placed.length && firstUsable(placed, usable) < 0) {
        break;
      }
      int owner = ownerAt(start, step);
      if (usable.test(owner)) {
        return owner;
      }
    }
    return firstUsable(placeless, usable);
  }

  private static int firstUsable(int[] indices, IntPredicate usable) {
    for (int index : indices) {
      if (usable.test(index)) {
        return index;
      }
    }
    return -1;
  }

  @Override
  public final int owners(long hash, int[] first) {
    long start = start(hash);
    int steps = steps();
    int wanted = Math.min(first.length, placed.length);
    int count = 0;
    for (int step = 0; step < steps && count < wanted; step++) {
      int owner = ownerAt(start, step);
      if (!contains(first, count, owner)) {
        first[count] = owner;
        count++;
      }
    }
    int rest = Math.min(first.length - count, placeless.length);
    System.arraycopy(placeless, 0, first, count, rest);
    return count + rest;
  }

  private static boolean contains(int[] indices, int count, int index) {
    for (int i = 0; i < count; i++) {
      if (indices[i] == index) {
        return true;
      }
    }
    return false;
  }

  @Override
  public final double share(int index) {
    return shares[index];
  }
}
