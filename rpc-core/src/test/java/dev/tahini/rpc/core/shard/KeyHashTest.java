package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.gson.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyHashTest {

  static Stream<JsonObject> xxh64() {
    return Golden.lines("xxh64.jsonl");
  }

  @Test
  void fileIsRead() {
    assertEquals(60, xxh64().count());
  }

  @ParameterizedTest
  @MethodSource("xxh64")
  void xxh64IsAsAnotherImplementationHasIt(JsonObject vector) {
    boolean seeded = vector.get("seed").getAsInt() == 1;
    KeyHash keyHash = seeded ? KeyHash.XXH64_SEED_1 : KeyHash.XXH64;

    long hash = keyHash.of(vector.get("key").getAsString().getBytes(UTF_8));

    assertEquals(vector.get("keyHash").getAsString(), Golden.hex(hash));
  }

  /** The check value of the catalogue of parametrised CRC algorithms. */
  @Test
  void crc32IsThatOfIeee() {
    assertEquals(0xcbf43926L, KeyHash.CRC_32.of("123456789".getBytes(UTF_8)));
    assertEquals(0, KeyHash.CRC_32.of(new byte[0]));
  }

  @ParameterizedTest
  @EnumSource
  void keyMayHaveTenMegabytes(KeyHash keyHash) {
    byte[] key = "0123456789".repeat(1_000_000).getBytes(UTF_8);
    long hash = keyHash.of(key);

    key[key.length - 1]++;

    assertNotEquals(hash, keyHash.of(key));
  }

  @Test
  void arcOfTheCircleWraps() {
    assertEquals(0.75, KeyHash.XXH64.arc(1L << 62, 0));
    assertEquals(0.25, KeyHash.XXH64.arc(3L << 62, 0));
    assertEquals(0.75, KeyHash.CRC_32.arc(1L << 30, 0));
    assertEquals(0x1p-32, KeyHash.CRC_32.arc(0xffffffffL, 0));
  }
}
