package dev.tahini.rpc.benchmarks.shards;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import java.util.Arrays;
import java.util.List;
import net.openhft.hashing.LongHashFunction;

/**
 * Points on the circle of 64-bit hashes, ascending, each with its owner in its last bits; and where
 * those of each stretch of the circle begin, so that a search has no more than a few to look at.
 *
 * @param points the hashes, their signs turned
 * @param starts the index of the first point in each stretch, and the end
 * @param shift what is left of a hash after it is its stretch
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Points(long[] points, int[] starts, int shift) {
  static final LongHashFunction XXH64 = LongHashFunction.xx();

  private static final int OWNER_BITS = 16;
  private static final long OWNER_MASK = (1 << OWNER_BITS) - 1;

  /** So many points for each unit of weight, at XXH64 of {@code address_i}. */
  static Points of(List<Endpoint> endpoints, int perUnit) {
    long[] points = new long[perUnit * endpoints.stream().mapToInt(Endpoint::weight).sum()];
    int size = 0;
    for (int owner = 0; owner < endpoints.size(); owner++) {
      String prefix = endpoints.get(owner).addressText() + "_";
      for (int i = 0; i < perUnit * endpoints.get(owner).weight(); i++) {
        long hash = XXH64.hashBytes((prefix + i).getBytes(UTF_8));
        points[size++] = ((hash ^ Long.MIN_VALUE) & ~OWNER_MASK) | owner;
      }
    }
    Arrays.sort(points);
    int shift = Long.numberOfLeadingZeros(points.length) + 1;
    return new Points(points, starts(points, shift), shift);
  }

  private static int[] starts(long[] points, int shift) {
    int[] starts = new int[(1 << (Long.SIZE - shift)) + 1];
    int next = 0;
    for (int stretch = 0; stretch < starts.length - 1; stretch++) {
      while (next < points.length && (points[next] ^ Long.MIN_VALUE) >>> shift < stretch) {
        next++;
      }
      starts[stretch] = next;
    }
    starts[starts.length - 1] = points.length;
    return starts;
  }

  /** The first point at or after a hash. */
  long next(long hash) {
    long sought = hash ^ Long.MIN_VALUE;
    int index = starts[(int) (hash >>> shift)];
    while (index < points.length && points[index] < sought) {
      index++;
    }
    return points[index == points.length ? 0 : index];
  }

  /** How far it is from a hash to a point. */
  static long distance(long hash, long point) {
    return (point ^ Long.MIN_VALUE) - hash;
  }

  static int owner(long point) {
    return (int) (point & OWNER_MASK);
  }

  /** A ring of many points, found by their stretches. */
  record Ring(int perUnit) implements TablePlacement.Way<Points> {
    @Override
    public Points build(List<Endpoint> endpoints) {
      return of(endpoints, perUnit);
    }

    @Override
    public int owner(Points table, byte[] key) {
      return Points.owner(table.next(XXH64.hashBytes(key)));
    }
  }

  /**
   * One point for each unit of weight; of a key's many hashes the one that is nearest to its next
   * point decides.
   *
   * <p>Source: B. Appleton, M. O'Reilly, Multi-Probe Consistent Hashing, 2015, which has 21 probes.
   */
  record MultiProbe(int probes) implements TablePlacement.Way<Points> {
    @Override
    public Points build(List<Endpoint> endpoints) {
      return of(endpoints, 1);
    }

    @Override
    public int owner(Points table, byte[] key) {
      long first = XXH64.hashBytes(key);
      long step = (first * 0x9e3779b97f4a7c15L) | 1;
      long best = 0;
      long nearest = -1;
      for (int probe = 0; probe < probes; probe++) {
        long hash = first + probe * step;
        long point = table.next(hash);
        if (Long.compareUnsigned(distance(hash, point), nearest) <= 0) {
          nearest = distance(hash, point);
          best = point;
        }
      }
      return Points.owner(best);
    }
  }
}
