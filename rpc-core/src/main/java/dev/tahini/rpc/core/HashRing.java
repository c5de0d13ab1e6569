package dev.tahini.rpc.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import net.openhft.hashing.LongHashFunction;

/**
 * A ring of hashes: each endpoint stands at {@value #POINTS} points for each unit of its weight,
 * and a key belongs to the endpoint of the first point at or after the key's own hash, unsigned,
 * wrapping at the end. The points of an endpoint depend on its address and weight alone.
 *
 * <p>The point i of an endpoint is XXH64, seed 0, of {@code address_i} in UTF-8, the address as
 * {@link Endpoint#addressText()} writes it; the hash of a key is XXH64, seed 0, of its UTF-8 bytes.
 * A weight above {@value #LARGEST_WEIGHT} has the points of {@value #LARGEST_WEIGHT}.
 *
 * <p>Source: D. Karger et al., Consistent Hashing and Random Trees, STOC 1997; the number of points
 * is ketama's.
 */
final class HashRing implements ShardMap.Table {
  static final int POINTS = 160;
  static final int LARGEST_WEIGHT = 100;

  private static final LongHashFunction XXH64 = LongHashFunction.xx();

  /** Ascending as signed numbers: the unsigned hashes with their highest bit turned over. */
  private final long[] points;

  private final int[] owners;
  private final double[] shares;

  private HashRing(long[] points, int[] owners, double[] shares) {
    this.points = points;
    this.owners = owners;
    this.shares = shares;
  }

  private record Point(long position, String address, int owner) {}

  static HashRing of(List<Endpoint> endpoints) {
    List<Point> ring = new ArrayList<>();
    for (int owner = 0; owner < endpoints.size(); owner++) {
      String address = endpoints.get(owner).addressText();
      int count = POINTS * Math.min(endpoints.get(owner).weight(), LARGEST_WEIGHT);
      for (int i = 0; i < count; i++) {
        long hash = XXH64.hashBytes((address + "_" + i).getBytes(UTF_8));
        ring.add(new Point(hash ^ Long.MIN_VALUE, address, owner));
      }
    }
    // Of two points in one place the lesser address wins: the order of the list must not matter.
    ring.sort(Comparator.comparingLong(Point::position).thenComparing(Point::address));
    long[] points = ring.stream().mapToLong(Point::position).toArray();
    int[] owners = ring.stream().mapToInt(Point::owner).toArray();
    return new HashRing(points, owners, shares(points, owners, endpoints.size()));
  }

  private static double[] shares(long[] points, int[] owners, int size) {
    double[] shares = new double[size];
    for (int i = 0; i < points.length; i++) {
      long arc = points[i] - points[i == 0 ? points.length - 1 : i - 1];
      shares[owners[i]] += points.length == 1 ? 1 : Math.scalb(unsigned(arc), -64);
    }
    return shares;
  }

  private static double unsigned(long value) {
    return (value >>> 1) * 2.0 + (value & 1);
  }

  @Override
  public long hash(byte[] key) {
    return XXH64.hashBytes(key);
  }

  @Override
  public int owner(long hash) {
    return owners[firstAtOrAfter(hash)];
  }

  @Override
  public int owner(long hash, IntPredicate usable) {
    int start = firstAtOrAfter(hash);
    for (int i = 0; i < owners.length; i++) {
      int owner = owners[start + i < owners.length ? start + i : start + i - owners.length];
      if (usable.test(owner)) {
        return owner;
      }
    }
    return -1;
  }

  private int firstAtOrAfter(long hash) {
    int index = Arrays.binarySearch(points, hash ^ Long.MIN_VALUE);
    if (index < 0) {
      index = -index - 1;
    }
    // Of equal points the first: a binary search finds any.
    while (index > 0 && index < points.length && points[index - 1] == points[index]) {
      index--;
    }
    return index == points.length ? 0 : index;
  }

  @Override
  public double share(int index) {
    return shares[index];
  }
}
