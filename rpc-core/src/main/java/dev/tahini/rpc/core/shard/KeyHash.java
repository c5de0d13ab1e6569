package dev.tahini.rpc.core.shard;

import java.util.zip.CRC32;
import net.openhft.hashing.LongHashFunction;

/** How a scheme hashes keys and the places of its hosts: unsigned, zero-extended to 64 bits. */
enum KeyHash {
  /** XXH64, seed 0. */
  XXH64(64) {
    private static final LongHashFunction FUNCTION = LongHashFunction.xx();

    @Override
    long of(byte[] bytes) {
      return FUNCTION.hashBytes(bytes);
    }
  },

  /** XXH64, seed 1. */
  XXH64_SEED_1(64) {
    private static final LongHashFunction FUNCTION = LongHashFunction.xx(1);

    @Override
    long of(byte[] bytes) {
      return FUNCTION.hashBytes(bytes);
    }
  },

  /** CRC-32 as IEEE 802.3 has it. */
  CRC_32(32) {
    @Override
    long of(byte[] bytes) {
      // It has state, but never gets as far as the heap once this is compiled.
      CRC32 crc = new CRC32();
      crc.update(bytes);
      return crc.getValue();
    }
  };

  private final int bits;

  KeyHash(int bits) {
    this.bits = bits;
  }

  abstract long of(byte[] bytes);

  /** The part of the circle of all hashes that lies after one of them, up to another; 0 to 1. */
  double arc(long from, long to) {
    long length = (to - from) & (-1L >>> (64 - bits));
    return Math.scalb((length >>> 1) * 2.0 + (length & 1), -bits);
  }
}
