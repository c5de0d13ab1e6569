package dev.tahini.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickTest {

  @Test
  void callThatAsksForNothingGetsTheLeastLoaded() {
    assertSame(Pick.leastLoaded(), CallOptions.DEFAULT.getOption(Pick.OPTION));
  }

  @Test
  void eachPickNamesItsPickerAndKey() {
    assertPick("least_loaded", null, Pick.leastLoaded());
    assertPick("random", null, Pick.random());
    assertPick("shard", "k", Pick.shard("k"));
    assertPick("shard", "k", Pick.shard("k").strict());
    assertPick("address", "10.0.0.1:80", Pick.address("10.0.0.1:80"));
    assertPick("by_tenant", "t", Pick.with("by_tenant", "t"));
    assertPick("by_tenant", null, Pick.with("by_tenant", null));
  }

  private static void assertPick(String picker, @Nullable String key, Pick pick) {
    assertEquals(picker, pick.picker());
    assertEquals(key, pick.key());
  }

  @Test
  void shardsOfOneKeyAreEqual() {
    assertEquals(Pick.shard("k"), Pick.shard("k"));
    assertEquals(Pick.shard("k").hashCode(), Pick.shard("k").hashCode());
  }

  @Test
  void shardsOfDifferentKeysDiffer() {
    assertNotEquals(Pick.shard("k"), Pick.shard("l"));
  }

  @Test
  void strictShardIsAnotherPick() {
    Pick.Shard shard = Pick.shard("k");

    assertNotEquals(shard, shard.strict());
    assertEquals(shard.strict(), shard.strict().strict());
    assertFalse(shard.isStrict());
    assertTrue(shard.strict().isStrict());
  }

  @Test
  void shardHashesTheUtf8BytesOfItsKey() {
    int[] seen = new int[1];
    ShardMap.Table table =
        new OneOwnerTable() {
          @Override
          public long hash(byte[] key) {
            assertEquals("schlüssel", new String(key, UTF_8));
            seen[0]++;
            return -7;
          }
        };

    assertEquals(-7, Pick.shard("schlüssel").hash(table));
    assertEquals(1, seen[0]);
  }

  @Test
  void randomPicksOfOneGeneratorAreEqual() {
    RandomGenerator generator = new Random(1);

    assertEquals(Pick.random(generator), Pick.random(generator));
    assertEquals(Pick.random(), Pick.random());
    assertNotEquals(Pick.random(), Pick.random(generator));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.7:8080,10.0.0.7:8080",
    "[2001:DB8:0:0::1]:80,[2001:db8::1]:80",
    "[0:0:0:0:0:0:0:1]:80,[::1]:80",
    "[::ffff:10.0.0.7]:80,10.0.0.7:80",
    "[::1]:80,[::1]:80",
    "greeter.prod:80,greeter.prod:80",
    "[::1,[::1",
    "[not:an:address]:80,[not:an:address]:80",
    "pipe(greeter),pipe(greeter)",
  })
  void addressIsTakenInTheFormOfEndpoints(String given, String canonical) {
    assertEquals(canonical, Pick.address(given).key());
    assertEquals(Pick.address(canonical), Pick.address(given));
  }

  @Test
  void zoneOfALinkLocalAddressIsKeptWhenItIsWrittenAnew() {
    assertEquals("[fe80::1%7]:80", Pick.address("[FE80:0::1%7]:80").key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"least_loaded", "shard", "random", "address", ""})
  void namesOfTheLibrarysOwnPickersAreRefused(String name) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> Pick.with(name, null));

    assertEquals(
        new InvalidValueException(
                "picker", name, "the name of a user's Picker.Factory; Pick has methods for its own")
            .getMessage(),
        e.getMessage());
  }

  @Test
  void namedPicksAreEqualByNameAndKey() {
    assertEquals(Pick.with("p", "k"), Pick.with("p", "k"));
    assertNotEquals(Pick.with("p", "k"), Pick.with("p", null));
    assertNotEquals(Pick.with("p", "k"), Pick.with("q", "k"));
  }

  @Test
  void shardSaysWhatItIs() {
    assertEquals("shard(k)", Pick.shard("k").toString());
    assertEquals("shard(k).strict()", Pick.shard("k").strict().toString());
    assertEquals(
        "shard(k).replicas(2).bounded(1.5)", Pick.shard("k").bounded(1.5).replicas(2).toString());
  }

  @Test
  void keyOfTenMegabytesIsAKeyLikeAnyOther() {
    Pick.Shard shard = Pick.shard("k".repeat(10 << 20));

    assertEquals(10 << 20, shard.key().length());
    assertEquals("shard(" + "k".repeat(200) + "...)", shard.toString());
  }

  @Test
  @SuppressWarnings("NullAway") // what a user does wrong
  void shardNeedsAKey() {
    NullPointerException e = assertThrows(NullPointerException.class, () -> Pick.shard(null));

    assertEquals("key", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "a\uD83D", "\uDE00b", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"})
  void keyThatOtherLanguagesCouldNotHashIsRefused(String key) {
    InvalidValueException e = assertThrows(InvalidValueException.class, () -> Pick.shard(key));

    assertEquals(
        "key: " + key + " (expected: text that has a UTF-8 form: no surrogate without its partner)",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "\u0000", "schl\u00fcssel", "\uD83D\uDE00", "a\uD83D\uDE00b"})
  void keyMayBeAnyOtherText(String key) {
    assertEquals(key, Pick.shard(key).key());
  }

  @Test
  void shardsOfOtherReplicasOrBoundsDiffer() {
    Pick.Shard shard = Pick.shard("k");

    assertEquals(shard.replicas(2), shard.replicas(2));
    assertNotEquals(shard, shard.replicas(2));
    assertEquals(shard.bounded(1.25), shard.bounded(1.25));
    assertNotEquals(shard.bounded(1.25), shard.bounded(1.5));
    assertEquals(1, shard.replicas());
    assertEquals(3, shard.replicas(3).strict().replicas());
    assertEquals(1.25, shard.replicas(3).bounded(1.25).bound());
    assertFalse(shard.isBounded());
    assertTrue(shard.bounded(1).isBounded());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void replicasBelowOneAreRefused(int replicas) {
    assertEquals(
        "replicas: " + replicas + " (expected: 1 or more)",
        assertThrows(InvalidValueException.class, () -> Pick.shard("k").replicas(replicas))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.999, 0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void boundBelowOneIsRefused(double bound) {
    assertEquals(
        "bounded: " + bound + " (expected: a number from 1 on, such as 1.25)",
        assertThrows(InvalidValueException.class, () -> Pick.shard("k").bounded(bound))
            .getMessage());
  }

  @Test
  void strictKeyDoesNotOverflow() {
    String message = "bounded: 1.25 (expected: no strict(): a strict key does not overflow)";

    assertEquals(
        message,
        assertThrows(InvalidValueException.class, () -> Pick.shard("k").strict().bounded(1.25))
            .getMessage());
    assertEquals(
        message,
        assertThrows(InvalidValueException.class, () -> Pick.shard("k").bounded(1.25).strict())
            .getMessage());
  }

  private abstract static class OneOwnerTable implements ShardMap.Table {
    @Override
    public int owner(long hash) {
      return 0;
    }

    @Override
    public int owner(long hash, IntPredicate usable) {
      return usable.test(0) ? 0 : -1;
    }

    @Override
    public double share(int index) {
      return 1;
    }
  }
}
