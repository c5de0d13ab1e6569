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
