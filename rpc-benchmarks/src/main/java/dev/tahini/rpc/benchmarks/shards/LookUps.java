package dev.tahini.rpc.benchmarks.shards;

import org.openjdk.jmh.infra.Blackhole;

/**
 * Keys that are ready to be looked up in one placement, until that changes. Confined to one thread.
 */
interface LookUps {

  /**
   * Whose a key is.
   *
   * @param key its index among the keys
   * @return the index of its owner in the fleet
   */
  int owner(int key);

  /**
   * The same as its clients do it, for the clock: from the key's bytes, or what else the contender
   * takes, to what names the owner there.
   */
  default void lookUp(int key, Blackhole sink) {
    sink.consume(owner(key));
  }

  /** The owners of the first keys. */
  static int[] owners(LookUps lookUps, int count) {
    int[] owners = new int[count];
    for (int key = 0; key < count; key++) {
      owners[key] = lookUps.owner(key);
    }
    return owners;
  }
}
