package dev.tahini.rpc.benchmarks.shards;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * The ring of libketama, as spymemcached has it: for each unit of weight 40 MD5 digests of {@code
 * address-i}, each of which gives four points of 32 bits. A key is hashed by MD5, too. Thread-safe.
 */
final class Ketama implements TablePlacement.Way<long[]> {
  private static final int DIGESTS = 40;
  private static final int POINTS_OF_DIGEST = 4;
  private static final int DIGEST_BYTES = 16;
  private static final ThreadLocal<Md5> MD5 = ThreadLocal.withInitial(Md5::new);

  /**
   * The points, ascending: the point in the upper half, its sign turned, the owner in the lower.
   */
  @Override
  public long[] build(List<Endpoint> endpoints) {
    int units = endpoints.stream().mapToInt(Endpoint::weight).sum();
    long[] ring = new long[units * DIGESTS * POINTS_OF_DIGEST];
    Md5 md5 = MD5.get();
    int size = 0;
    for (int owner = 0; owner < endpoints.size(); owner++) {
      Endpoint endpoint = endpoints.get(owner);
      String prefix = endpoint.addressText() + "-";
      for (int i = 0; i < DIGESTS * endpoint.weight(); i++) {
        md5.digest((prefix + i).getBytes(UTF_8));
        for (int point = 0; point < POINTS_OF_DIGEST; point++) {
          ring[size++] = entry(md5.point(point)) | owner;
        }
      }
    }
    Arrays.sort(ring);
    return ring;
  }

  @Override
  public int owner(long[] ring, byte[] key) {
    Md5 md5 = MD5.get();
    md5.digest(key);
    int found = Arrays.binarySearch(ring, entry(md5.point(0)));
    int index = found < 0 ? -found - 1 : found;
    return (int) ring[index == ring.length ? 0 : index];
  }

  private static long entry(int point) {
    return ((long) point << Integer.SIZE) ^ Long.MIN_VALUE;
  }

  /** Its own buffer, so that a look-up allocates nothing. Confined to one thread. */
  private static final class Md5 {
    private final MessageDigest digest;
    private final byte[] bytes = new byte[DIGEST_BYTES];
    private final ByteBuffer points = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    Md5() {
      try {
        digest = MessageDigest.getInstance("MD5");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    void digest(byte[] input) {
      digest.update(input);
      try {
        digest.digest(bytes, 0, DIGEST_BYTES);
      } catch (DigestException e) {
        throw new IllegalStateException(e);
      }
    }

    int point(int index) {
      return points.getInt(index * Integer.BYTES);
    }
  }
}
