package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What all maps have in common. */
class ShardMapsTest {
  private static final ShardMap ONE_BLOCK = ShardMaps.standard(Bidder.BLOCK);

  /** Of a few keys, the hashes that a table gives them. */
  private static long[] hashes(ShardMap.Table table, long seed) {
    return new Random(seed)
        .longs(20)
        .map(key -> table.hash(Long.toString(key).getBytes(UTF_8)))
        .toArray();
  }

  private static int[] order(ShardMap.Table table, long hash, int size) {
    int[] order = new int[size];
    assertEquals(size, table.owners(hash, order));
    return order;
  }

  @Property(tries = 200)
  void orderOfAKeyIsAPermutationThatBeginsWithItsOwner(
      @ForAll("maps") ShardMap map,
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll long seed) {
    ShardMap.Table table = map.build(endpoints);

    for (long hash : hashes(table, seed)) {
      int[] order = order(table, hash, endpoints.size());
      assertEquals(table.owner(hash), order[0]);
      Arrays.sort(order);
      assertArrayEquals(IntStream.range(0, endpoints.size()).toArray(), order);
    }
  }

  @Property(tries = 200)
  void ownerWhileSomeAreAwayIsTheFirstUsableOfTheOrder(
      @ForAll("maps") ShardMap map,
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll long seed) {
    ShardMap.Table table = map.build(endpoints);
    Random random = new Random(seed);

    for (long hash : hashes(table, seed)) {
      double usablePart = random.nextDouble();
      boolean[] usable = new boolean[endpoints.size()];
      for (int i = 0; i < usable.length; i++) {
        usable[i] = random.nextDouble() < usablePart;
      }
      assertEquals(
          Arrays.stream(order(table, hash, usable.length))
              .filter(i -> usable[i])
              .findFirst()
              .orElse(-1),
          table.owner(hash, i -> usable[i]));
    }
  }

  @Property(tries = 100)
  void keyHasNoOwnerOnlyWhereNoneIsUsable(
      @ForAll("maps") ShardMap map,
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll long seed) {
    ShardMap.Table table = map.build(endpoints);

    for (long hash : hashes(table, seed)) {
      assertEquals(-1, table.owner(hash, i -> false));
      for (int only = 0; only < endpoints.size(); only++) {
        int theOnly = only;
        assertEquals(only, table.owner(hash, i -> i == theOnly));
      }
    }
  }

  @Property(tries = 100)
  void thatNoneIsUsableIsFoundWithoutAskingAtEveryPlace(
      @ForAll("maps") ShardMap map, @ForAll("endpoints") List<Endpoint> endpoints) {
    ShardMap.Table table = map.build(endpoints);
    int[] asked = {0};

    table.owner(
        0,
        index -> {
          asked[0]++;
          return false;
        });

    assertTrue(asked[0] <= 2 * endpoints.size(), asked[0] + " of " + endpoints.size());
  }

  @Property(tries = 100)
  void firstOwnersAreTheBeginningOfTheOrder(
      @ForAll("maps") ShardMap map,
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll long seed) {
    ShardMap.Table table = map.build(endpoints);
    int size = endpoints.size();

    for (long hash : hashes(table, seed)) {
      int[] order = order(table, hash, size);
      for (int room : new int[] {0, 1, size / 2, size + 3}) {
        int[] first = new int[room];
        int count = table.owners(hash, first);
        assertEquals(Math.min(room, size), count);
        assertArrayEquals(Arrays.copyOf(order, count), Arrays.copyOf(first, count));
      }
    }
  }

  @Property(tries = 100)
  void orderOfAKeyIsThatOfTheContractsDefault(
      @ForAll("maps") ShardMap map,
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll long seed) {
    ShardMap.Table table = map.build(endpoints);
    ShardMap.Table plain = new DefaultOwners(table);

    for (long hash : hashes(table, seed)) {
      assertArrayEquals(order(plain, hash, endpoints.size()), order(table, hash, endpoints.size()));
    }
  }

  /** A table that leaves {@code owners} to the contract. */
  private record DefaultOwners(ShardMap.Table table) implements ShardMap.Table {
    @Override
    public long hash(byte[] key) {
      return table.hash(key);
    }

    @Override
    public int owner(long hash) {
      return table.owner(hash);
    }

    @Override
    public int owner(long hash, IntPredicate usable) {
      return table.owner(hash, usable);
    }

    @Override
    public double share(int index) {
      return table.share(index);
    }
  }

  @Property(tries = 200)
  void orderOfTheListDoesNotMatterNorWhichInstanceBuilds(
      @ForAll("maps") ShardMap map,
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll long seed) {
    List<Endpoint> shuffled = new ArrayList<>(endpoints);
    Collections.shuffle(shuffled, new Random(seed));
    ShardMap.Table one = map.build(endpoints);
    ShardMap.Table other = copy(map).build(shuffled);

    for (long hash : hashes(one, seed)) {
      assertEquals(
          Arrays.stream(order(one, hash, endpoints.size())).mapToObj(endpoints::get).toList(),
          Arrays.stream(order(other, hash, endpoints.size())).mapToObj(shuffled::get).toList());
    }
    for (int i = 0; i < endpoints.size(); i++) {
      assertEquals(one.share(i), other.share(shuffled.indexOf(endpoints.get(i))));
    }
  }

  private static ShardMap copy(ShardMap map) {
    if (map instanceof NamedShardMap named) {
      return ShardMaps.byName(copy(named.map()));
    }
    if (map instanceof StandardShardMap) {
      return ShardMaps.standard(Bidder.BLOCK);
    }
    if (map instanceof RingHash ring) {
      return ShardMaps.ringHash(ring.minRingSize(), ring.maxRingSize());
    }
    return map instanceof Maglev maglev ? ShardMaps.maglev(maglev.tableSize()) : ShardMaps.goma();
  }

  @Property(tries = 100)
  void sharesSumToOne(@ForAll("maps") ShardMap map, @ForAll("endpoints") List<Endpoint> endpoints) {
    ShardMap.Table table = map.build(endpoints);

    double sum = 0;
    for (int i = 0; i < endpoints.size(); i++) {
      assertTrue(table.share(i) >= 0);
      sum += table.share(i);
    }
    assertEquals(1, sum, 1e-9);
  }

  @Property(tries = 100)
  void rebuiltTableIsTheVeryTableThatABuildMakes(
      @ForAll("maps") ShardMap map,
      @ForAll("endpoints") List<Endpoint> last,
      @ForAll("endpoints") List<Endpoint> endpoints,
      @ForAll long seed) {
    ShardMap.Table rebuilt = map.rebuild(map.build(last), endpoints);
    ShardMap.Table built = map.build(endpoints);

    for (long hash : hashes(built, seed)) {
      assertArrayEquals(
          order(built, hash, endpoints.size()), order(rebuilt, hash, endpoints.size()));
    }
  }

  @Provide
  Arbitrary<ShardMap> maps() {
    return Arbitraries.of(
        ONE_BLOCK,
        ShardMaps.byName(ONE_BLOCK),
        ShardMaps.byName(ShardMaps.ringHash()),
        ShardMaps.ringHash(),
        ShardMaps.ringHash(1, 1),
        ShardMaps.ringHash(1, 7),
        ShardMaps.ringHash(300, 301),
        ShardMaps.maglev(),
        ShardMaps.maglev(2),
        ShardMaps.maglev(17),
        ShardMaps.maglev(251),
        ShardMaps.goma());
  }

  /** Several of them have one IP address; IPv6, and names that nobody resolved, are among them. */
  @Provide
  Arbitrary<List<Endpoint>> endpoints() {
    Arbitrary<String> hosts =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 20).map(i -> "10.0.0." + i),
            Arbitraries.integers().between(1, 9).map(i -> "[2001:db8::" + i + "]"),
            Arbitraries.integers().between(0, 12).map(i -> "cache-" + i));
    return Combinators.combine(
            hosts,
            Arbitraries.integers().between(78, 81),
            Arbitraries.of(1, 1, 1, 2, 3, 1000),
            Arbitraries.of("", "pod-0", "pod-1", "pod-2", "10.0.0.1:80"))
        .as(
            (host, port, weight, name) ->
                Endpoints.at(host + ":" + port).withWeight(weight).withName(name))
        .list()
        .uniqueElements(Endpoint::address)
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 100)
  void noEndpointsAreRefused(@ForAll("maps") ShardMap map) {
    InvalidValueException e = assertThrows(InvalidValueException.class, () -> map.build(List.of()));

    assertTrue(e.toString().contains("endpoints: 0 of them (expected: 1 "), e.toString());
  }

  @Test
  void mapsOfEqualOptionsAreEqual() {
    assertEquals(ShardMaps.ringHash(1024, 4096), ShardMaps.ringHash());
    assertEquals(ShardMaps.maglev(65_537), ShardMaps.maglev());
    assertEquals(ShardMaps.goma(), ShardMaps.goma());
    assertEquals(ShardMaps.standard(1 << 18), ShardMaps.standard());
    assertEquals(ShardMaps.byName(ShardMaps.goma()), ShardMaps.byName(ShardMaps.goma()));
  }

  @Test
  void mapsOfOtherOptionsAreNot() {
    assertNotEquals(ShardMaps.ringHash(1024, 4097), ShardMaps.ringHash());
    assertNotEquals(ShardMaps.ringHash(1023, 4096), ShardMaps.ringHash());
    assertNotEquals(ShardMaps.maglev(17), ShardMaps.maglev());
    assertNotEquals(ShardMaps.maglev(), ShardMaps.ringHash());
    assertNotEquals(ONE_BLOCK, ShardMaps.standard());
    assertNotEquals(ShardMaps.byName(ONE_BLOCK), ONE_BLOCK);
  }

  @Test
  void namesAreThePeers() {
    assertEquals("standard", ShardMaps.standard().name());
    assertEquals("maglev by name", ShardMaps.byName(ShardMaps.maglev()).name());
    assertEquals("ring_hash", ShardMaps.ringHash().name());
    assertEquals("maglev", ShardMaps.maglev().name());
    assertEquals("goma", ShardMaps.goma().name());
  }
}
