package dev.tahini.rpc.core.shard;

import java.util.Arrays;

/**
 * The points of a ring: hashes, each with the index of the endpoint that it belongs to. Changed by
 * the one thread that builds a ring, then read by anyone.
 */
final class Points {
  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private long[] hashes;
  private int[] owners;
  private int size;

  /**
   * None yet.
   *
   * @param capacity how many there will be at most
   */
  Points(int capacity) {
    hashes = new long[capacity];
    owners = new int[capacity];
  }

  void add(long hash, int owner) {
    hashes[size] = hash;
    owners[size] = owner;
    size++;
  }

  int size() {
    return size;
  }

  long hash(int point) {
    return hashes[point];
  }

  int owner(int point) {
    return owners[point];
  }

  /**
   * Brings the points in ascending order of their hashes, unsigned. Points of one hash keep the
   * order in which they were added: a radix sort, digit by digit from the lowest, for the JDK sorts
   * no two arrays as one and may be given millions.
   */
  void sort() {
    long[] otherHashes = new long[hashes.length];
    int[] otherOwners = new int[owners.length];
    for (int shift = 0; shift < Long.SIZE; shift += DIGIT_BITS) {
      int[] next = digitStarts(shift);
      if (next.length == 0) {
        continue;
      }
      for (int i = 0; i < size; i++) {
        int place = next[digit(hashes[i], shift)]++;
        otherHashes[place] = hashes[i];
        otherOwners[place] = owners[i];
      }
      long[] sortedHashes = otherHashes;
      otherHashes = hashes;
      hashes = sortedHashes;
      int[] sortedOwners = otherOwners;
      otherOwners = owners;
      owners = sortedOwners;
    }
  }

  /** Where the points of each digit go; empty if all have the same. */
  private int[] digitStarts(int shift) {
    int[] counts = new int[DIGITS];
    for (int i = 0; i < size; i++) {
      counts[digit(hashes[i], shift)]++;
    }
    int start = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = counts[digit];
      if (count == size) {
        return new int[0];
      }
      counts[digit] = start;
      start += count;
    }
    return counts;
  }

  private static int digit(long hash, int shift) {
    return (int) (hash >>> shift) & (DIGITS - 1);
  }

  /** Of sorted points with one hash leaves the one that was added last. */
  void keepLastOfEqual() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (i + 1 == size || hashes[i] != hashes[i + 1]) {
        hashes[kept] = hashes[i];
        owners[kept] = owners[i];
        kept++;
      }
    }
    size = kept;
  }

  /** The first point at or after a hash, unsigned; the first of all if there is none. Sorted. */
  int firstAtOrAfter(long hash) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(hashes[middle], hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == size ? 0 : low;
  }

  /** The part of all hashes that each endpoint's points are the first at or after. */
  double[] shares(KeyHash circle, int endpoints) {
    double[] shares = new double[endpoints];
    // The whole circle, where all points stand in one place: their arcs have no length.
    shares[owners[0]] = hashes[0] == hashes[size - 1] ? 1 : circle.arc(hashes[size - 1], hashes[0]);
    for (int i = 1; i < size; i++) {
      shares[owners[i]] += circle.arc(hashes[i - 1], hashes[i]);
    }
    return shares;
  }

  /** Whether each endpoint has a point. */
  boolean[] present(int endpoints) {
    boolean[] present = new boolean[endpoints];
    Arrays.stream(owners, 0, size).forEach(owner -> present[owner] = true);
    return present;
  }
}
