package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import net.openhft.hashing.LongHashFunction;

/**
 * What one endpoint bids for each slot of a {@link SlotTable}; the lowest bid owns the slot. Its
 * bids depend on its own identity and weight alone, so that nothing but slots of its own move when
 * it comes, goes or changes. Immutable; shared by the tables of lists that follow each other.
 *
 * <p>In each block of {@value #BLOCK} slots an endpoint ranks them in an order of its own, each
 * rank once. Its bid for the slot of rank r is when the r-th of so many exponentially distributed
 * arrivals is due, divided by its weight: weights are honoured as if bids were such times drawn for
 * each slot, but numbers of slots vary only half as much. {@code docs/shard-map.md} specifies it to
 * the byte.
 *
 * <p>Source: D. Thaler and C. Ravishankar, Using Name-Based Mappings to Increase Hit Rates,
 * IEEE/ACM ToN 6(1), 1998 (rendezvous hashing); C. Schindelhauer and G. Schomaker, Weighted
 * Distributed Hash Tables, SPAA 2005 (its weights); D. Eisenbud et al., Maglev, NSDI 2016 (an order
 * of all slots for each backend).
 */
final class Bidder {
  static final int BLOCK_BITS = 15;
  static final int BLOCK = 1 << BLOCK_BITS;

  /** The last bits of a bid are the bidder's place among all: no two bids for a slot are equal. */
  static final int PLACE_BITS = 16;

  /** The mean of an arrival's time at a weight of 1. */
  static final double MEAN_TIME = 1L << 32;

  private static final int MASK = BLOCK - 1;
  private static final int HALF = (BLOCK_BITS + 1) / 2;
  private static final int FRACTION_SHIFT = 19;
  private static final double FRACTION_UNIT = 1.0 / (1 << (Integer.SIZE - FRACTION_SHIFT));
  private static final long TIME_MASK = -1L << PLACE_BITS;

  /** When so many of a block's arrivals are due: the sum of 2^32 / those left, in whole numbers. */
  private static final double[] TIMES = times();

  /**
   * For each block: a summand and three odd factors of the order, factor and summand of fractions.
   */
  private static final int NUMBERS = 6;

  private final long hash;
  private final int weight;
  private final double perWeight;
  private final int[] numbers;

  private Bidder(long hash, int weight, int[] numbers) {
    this.hash = hash;
    this.weight = weight;
    this.perWeight = 1.0 / weight;
    this.numbers = numbers;
  }

  private static double[] times() {
    double[] times = new double[BLOCK + 1];
    for (int rank = 0; rank < BLOCK; rank++) {
      long next = (1L << 32) / (BLOCK - rank);
      times[rank + 1] = times[rank] + next;
    }
    return times;
  }

  static Bidder of(String identity, int weight, int blocks) {
    byte[] bytes = identity.getBytes(UTF_8);
    int[] numbers = new int[NUMBERS * blocks];
    for (int block = 0; block < blocks; block++) {
      long order = LongHashFunction.xx(2L * block).hashBytes(bytes);
      long fractions = LongHashFunction.xx(2L * block + 1).hashBytes(bytes);
      int at = NUMBERS * block;
      numbers[at] = (int) order & MASK;
      numbers[at + 1] = ((int) (order >>> BLOCK_BITS) & MASK) | 1;
      numbers[at + 2] = ((int) (order >>> (2 * BLOCK_BITS)) & MASK) | 1;
      numbers[at + 3] = ((int) (order >>> (3 * BLOCK_BITS)) & MASK) | 1;
      numbers[at + 4] = (int) fractions | 1;
      numbers[at + 5] = (int) (fractions >>> Integer.SIZE);
    }
    return new Bidder(KeyHash.XXH64.of(bytes), weight, numbers);
  }

  Bidder withWeight(int weight) {
    return weight == this.weight ? this : new Bidder(hash, weight, numbers);
  }

  /** Of its identity. */
  long hash() {
    return hash;
  }

  int weight() {
    return weight;
  }

  /** Its bid for a slot: smaller is better. */
  long bid(int block, int slot, int place) {
    int rank = rank(block, slot);
    int at = NUMBERS * block;
    int fraction = (rank * numbers[at + 4] + numbers[at + 5]) >>> FRACTION_SHIFT;
    return bid(TIMES[rank], TIMES[rank + 1], fraction, perWeight, place);
  }

  private static long bid(double from, double to, int fraction, double perWeight, int place) {
    double time = (from + (to - from) * fraction * FRACTION_UNIT) * perWeight;
    return (Double.doubleToRawLongBits(time) & TIME_MASK) | place;
  }

  /** No bid of a time from this on is less. */
  static long leastBid(double time) {
    return Double.doubleToRawLongBits(time) & TIME_MASK;
  }

  /** The bid's place. */
  static int place(long bid) {
    return (int) (bid & ~TIME_MASK);
  }

  /** A time that is later than the bid's. */
  static double time(long bid) {
    return Double.longBitsToDouble((bid | ~TIME_MASK) + 1);
  }

  /** How many slots, the first in its order, can have bids with times up to this. */
  int ranksUntil(double time) {
    int low = 0;
    int high = BLOCK;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (TIMES[middle] * perWeight > time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Where a slot comes in its order. */
  private int rank(int block, int slot) {
    int at = NUMBERS * block;
    return rank(slot, numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
  }

  private static int rank(int slot, int summand, int first, int second, int third) {
    int x = (slot + summand) * first & MASK;
    x = (x ^ x >>> HALF) * second & MASK;
    return (x ^ x >>> HALF) * third & MASK;
  }

  /**
   * The orders of many bidders in one block, laid out so that a processor ranks a slot in several
   * of them at once.
   */
  static final class Orders {
    private final int[] summands;
    private final int[] firsts;
    private final int[] seconds;
    private final int[] thirds;

    Orders(Bidder[] bidders, int block) {
      int size = bidders.length;
      summands = new int[size];
      firsts = new int[size];
      seconds = new int[size];
      thirds = new int[size];
      for (int i = 0; i < size; i++) {
        int[] numbers = bidders[i].numbers;
        int at = NUMBERS * block;
        summands[i] = numbers[at];
        firsts[i] = numbers[at + 1];
        seconds[i] = numbers[at + 2];
        thirds[i] = numbers[at + 3];
      }
    }

    /** Where a slot comes in each bidder's order. */
    void rank(int slot, int[] ranks) {
      rank(slot, summands, firsts, seconds, thirds, ranks);
    }

    private static void rank(
        int slot, int[] summands, int[] firsts, int[] seconds, int[] thirds, int[] ranks) {
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] = Bidder.rank(slot, summands[i], firsts[i], seconds[i], thirds[i]);
      }
    }
  }

  /**
   * Bids for the first slots in its order, those of the ranks below a limit.
   *
   * @param lowest the lowest bid for each slot of the block so far
   */
  void bidForFirst(int ranks, int block, int place, long[] lowest) {
    int at = NUMBERS * block;
    int summand = numbers[at];
    int first = inverse(numbers[at + 1]);
    int second = inverse(numbers[at + 2]);
    int third = inverse(numbers[at + 3]);
    int fractionFactor = numbers[at + 4];
    int backwards = 0; // rank * third
    int fraction = numbers[at + 5];
    double from = 0;
    for (int rank = 0; rank < ranks; rank++) {
      int slot = slot(backwards, summand, first, second);
      double to = TIMES[rank + 1];
      long bid = bid(from, to, fraction >>> FRACTION_SHIFT, perWeight, place);
      // The lesser without a branch, which would be guessed wrong.
      long difference = bid - lowest[slot];
      lowest[slot] += difference & difference >> (Long.SIZE - 1);
      from = to;
      backwards += third;
      fraction += fractionFactor;
    }
  }

  /** The first slots in its order, those of the ranks below a limit. */
  int[] firstSlots(int ranks, int block) {
    int at = NUMBERS * block;
    int first = inverse(numbers[at + 1]);
    int second = inverse(numbers[at + 2]);
    int third = inverse(numbers[at + 3]);
    int[] slots = new int[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      slots[rank] = slot(rank * third, numbers[at], first, second);
    }
    return slots;
  }

  /**
   * The way back from a rank to its slot.
   *
   * @param backwards the rank times the inverse of the third factor
   * @param first the inverse of the first factor, as {@code second} is of the second
   */
  private static int slot(int backwards, int summand, int first, int second) {
    int x = backwards & MASK;
    x = (x ^ x >>> HALF) * second & MASK;
    return (x ^ x >>> HALF) * first - summand & MASK;
  }

  /** Modulo a power of two, by Newton's method: each step doubles the bits that are right. */
  private static int inverse(int odd) {
    int inverse = odd; // right in 3 bits
    for (int bits = 3; bits < BLOCK_BITS; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
