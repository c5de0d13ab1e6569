package dev.tahini.rpc.apiserver;

import java.util.Random;

/** Where a body is cut into HTTP chunks. Thread-safe: all responses ask the same one. */
@FunctionalInterface
public interface Splitter {
  /**
   * How many bytes the next chunk has.
   *
   * @param left the bytes that are left, at least 1
   * @return from 1 to {@code left}
   */
  int nextChunkBytes(int left);

  /** One chunk for each event, one body for a list: as a real server does it. */
  static Splitter whole() {
    return left -> left;
  }

  /** A chunk for each byte: cuts inside of all words and all UTF-8 characters. */
  static Splitter everyByte() {
    return left -> 1;
  }

  /** Chunks of 1 to {@code mostBytes}, drawn from the seed. */
  static Splitter random(long seed, int mostBytes) {
    Random random = new Random(seed);
    return left -> 1 + random.nextInt(Math.min(left, mostBytes));
  }
}
