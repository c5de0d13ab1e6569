package dev.tahini.rpc.core.shard;

import java.util.Arrays;
import java.util.List;

/**
 * A table of slots: a key belongs to the host of the slot at the key's hash modulo the number of
 * slots, unsigned. Its order is that of Envoy's attempts: the hash of attempt n is the key's,
 * exclusive or with 2^64 - n.
 */
final class MaglevTable extends WalkedTable {
  private final int[] slots;
  private final int steps;

  /**
   * Takes filled slots.
   *
   * @param hosts in their order
   * @param slots whose each slot is, by the host's index
   */
  MaglevTable(List<Host> hosts, int[] slots) {
    super(KeyHash.XXH64, hosts, present(slots, hosts.size()), shares(slots, hosts.size()));
    this.slots = slots;
    steps = steps(slots.length);
  }

  /**
   * The attempts 1 to 2^k differ in the lowest k bits of their hash alone, and take all values
   * there: 2^k hashes in a row, which pass every slot if there are no more than 2^k.
   */
  private static int steps(int size) {
    int power = Integer.highestOneBit(size);
    return 1 + (power == size ? power : 2 * power);
  }

  private static boolean[] present(int[] slots, int hosts) {
    boolean[] present = new boolean[hosts];
    Arrays.stream(slots).forEach(host -> present[host] = true);
    return present;
  }

  private static double[] shares(int[] slots, int hosts) {
    int[] counts = new int[hosts];
    Arrays.stream(slots).forEach(host -> counts[host]++);
    return Arrays.stream(counts).mapToDouble(count -> (double) count / slots.length).toArray();
  }

  @Override
  long start(long hash) {
    return hash;
  }

  @Override
  int ownerAt(long start, int step) {
    return slots[(int) Long.remainderUnsigned(start ^ -(long) step, slots.length)];
  }

  @Override
  int steps() {
    return steps;
  }
}
