package dev.tahini.rpc.core;

/** Indices out of one random number: a draw of 64 bits is enough for two of them. */
final class Draw {
  static final int LOT_BITS = 16;

  private Draw() {}

  /** One of four lots of 16 bits. */
  static long lot(long draw, int index) {
    return (draw >>> (index * LOT_BITS)) & ((1L << LOT_BITS) - 1);
  }

  /** Uniform in [0, bound), from the upper half of the draw. */
  static int index(long draw, int bound) {
    return (int) (((draw >>> 32) * bound) >>> 32);
  }

  /** Uniform in [0, bound) but for the first index, from the lower half of the draw. */
  static int otherIndex(long draw, int bound, int first) {
    int second = (int) (((draw & 0xffffffffL) * (bound - 1)) >>> 32);
    // One more from the first on, by its sign: a branch would be guessed wrong half of the time.
    return second + ((first - second - 1) >>> 31);
  }

  /** The next draw of a sequence that is fixed by its first: SplitMix64's step and finalizer. */
  static long next(long draw) {
    long z = draw + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
