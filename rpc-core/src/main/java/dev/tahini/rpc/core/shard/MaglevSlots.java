package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/**
 * Fills the slots of a Maglev table: in each round each host takes the next free slot of its
 * permutation, or sits out as its weight, against the largest, says. The slots that the permutation
 * starts at and goes on by are XXH64 of the host's identity, seed 0 and 1. Of one thread.
 *
 * <p>Source: D. Eisenbud et al., Maglev, NSDI 2016; Envoy, {@code maglev_lb.cc}.
 */
final class MaglevSlots {
  private static final int FREE = -1;

  private final List<Host> hosts;
  private final int[] slots;
  private final int[] next;
  private final int[] skips;
  private int free;

  /**
   * All slots are free.
   *
   * @param hosts in their order
   * @param size of the table, a prime
   */
  MaglevSlots(List<Host> hosts, int size) {
    this.hosts = hosts;
    slots = new int[size];
    Arrays.fill(slots, FREE);
    free = size;
    next = new int[hosts.size()];
    skips = new int[hosts.size()];
    for (int i = 0; i < hosts.size(); i++) {
      byte[] identity = hosts.get(i).identity().getBytes(UTF_8);
      next[i] = (int) Long.remainderUnsigned(KeyHash.XXH64.of(identity), size);
      skips[i] = (int) Long.remainderUnsigned(KeyHash.XXH64_SEED_1.of(identity), size - 1) + 1;
    }
  }

  /** Whose each slot is, by the host's index. */
  int[] fill() {
    double[] weights = Host.normalizedWeights(hosts);
    double largest = Arrays.stream(weights).max().orElseThrow();
    double[] targets = new double[weights.length];
    for (int round = 1; free > 0; round++) {
      for (int i = 0; i < weights.length && free > 0; i++) {
        // As the peer's doubles have it: what they round is part of the scheme.
        if (round * weights[i] >= targets[i]) {
          targets[i] += largest;
          take(i);
        }
      }
    }
    return slots;
  }

  private void take(int host) {
    while (slots[next[host]] != FREE) {
      step(host);
    }
    slots[next[host]] = hosts.get(host).index();
    free--;
    step(host);
  }

  private void step(int host) {
    int slot = next[host] + skips[host];
    next[host] = slot < slots.length ? slot : slot - slots.length;
  }
}
