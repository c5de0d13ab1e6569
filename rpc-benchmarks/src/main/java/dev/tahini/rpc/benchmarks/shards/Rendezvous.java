package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/**
 * Highest random weight: every endpoint draws a number for the key, and the highest has it. Looks
 * at all endpoints for each key. Thread-safe.
 *
 * <p>Source: D. Thaler, C. Ravishankar, A Name-Based Mapping Scheme for Rendezvous, 1996; weights
 * by {@code -w / ln(u)} as in J. Resch, New Hashing Algorithms for Data Storage, SNIA 2015.
 */
final class Rendezvous implements TablePlacement.Way<Rendezvous.Table> {
  private static final LongHashFunction XXH64 = LongHashFunction.xx();

  /**
   * What is drawn from.
   *
   * @param seeds one for each endpoint
   * @param weights the same; empty if all are equal, where the logarithm changes nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Table(long[] seeds, double[] weights) {}

  @Override
  public Table build(List<Endpoint> endpoints) {
    long[] seeds = endpoints.stream().mapToLong(e -> XXH64.hashChars(e.addressText())).toArray();
    double[] weights = endpoints.stream().mapToDouble(Endpoint::weight).toArray();
    boolean equal = endpoints.stream().mapToInt(Endpoint::weight).distinct().count() == 1;
    return new Table(seeds, equal ? new double[0] : weights);
  }

  @Override
  public int owner(Table table, byte[] key) {
    long hash = XXH64.hashBytes(key);
    return table.weights.length == 0
        ? highest(table.seeds, hash)
        : highest(table.seeds, table.weights, hash);
  }

  private static int highest(long[] seeds, long hash) {
    int best = 0;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < seeds.length; i++) {
      long drawn = mix(seeds[i] ^ hash) ^ Long.MIN_VALUE;
      if (drawn > most) {
        most = drawn;
        best = i;
      }
    }
    return best;
  }

  private static int highest(long[] seeds, double[] weights, long hash) {
    int best = 0;
    double most = -1;
    for (int i = 0; i < seeds.length; i++) {
      double uniform = ((mix(seeds[i] ^ hash) >>> 11) + 0.5) * 0x1p-53;
      double drawn = -weights[i] / Math.log(uniform);
      if (drawn > most) {
        most = drawn;
        best = i;
      }
    }
    return best;
  }

  /** The finalizer of MurmurHash3. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
