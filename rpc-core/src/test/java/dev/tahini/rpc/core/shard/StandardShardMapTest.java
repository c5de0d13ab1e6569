package dev.tahini.rpc.core.shard;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With fixed endpoints and keys, so that each figure is always the same. */
class StandardShardMapTest {
  private static final int KEYS = 200_000;

  private final ShardMap map = ShardMaps.standard();

  @ParameterizedTest
  @CsvSource({"10, 1.06", "100, 1.12", "500, 1.25"})
  void keysAreSpreadEvenly(int size, double most) {
    ShardMap.Table table = map.build(Endpoints.endpoints(size));

    int[] counts = counts(table, size);

    double average = (double) KEYS / size;
    assertTrue(IntStream.of(counts).max().orElseThrow() <= most * average);
  }

  @Test
  void weightsAreHonoured() {
    List<Endpoint> endpoints =
        IntStream.rangeClosed(1, 10).mapToObj(i -> Endpoints.endpoint(i).withWeight(i)).toList();
    ShardMap.Table table = map.build(endpoints);

    int[] counts = counts(table, 10);

    for (int i = 0; i < 10; i++) {
      assertEquals((i + 1) / 55.0, (double) counts[i] / KEYS, 0.02);
      assertEquals((i + 1) / 55.0, table.share(i), 0.005);
    }
  }

  @Test
  void weightsOfAnySizeAreHonoured() {
    ShardMap.Table table =
        map.build(List.of(A, B.withWeight(Integer.MAX_VALUE), C.withWeight(Integer.MAX_VALUE / 2)));

    assertEquals(0, table.share(0), 1e-5);
    assertEquals(2 / 3.0, table.share(1), 0.005);
    assertEquals(1 / 3.0, table.share(2), 0.005);
  }

  @Test
  void keysOfTheOneThatLeavesSpreadOverAllOthers() {
    List<Endpoint> endpoints = Endpoints.endpoints(10);
    ShardMap.Table before = map.build(endpoints);
    ShardMap.Table after = map.rebuild(before, endpoints.subList(0, 9));
    int[] heirs = new int[9];
    int orphans = 0;
    for (int key = 0; key < KEYS; key++) {
      if (owner(before, key) == 9) {
        heirs[owner(after, key)]++;
        orphans++;
      }
    }

    for (int count : heirs) {
      assertEquals(1 / 9.0, (double) count / orphans, 0.02);
    }
  }

  @Test
  void keysMoveInProportionToTheOneThatJoins() {
    List<Endpoint> endpoints = Endpoints.endpoints(5);
    ShardMap.Table before = map.build(endpoints.subList(0, 4));
    ShardMap.Table after = map.build(endpoints);

    long moved =
        IntStream.range(0, KEYS).filter(key -> owner(before, key) != owner(after, key)).count();

    assertEquals(0.2, (double) moved / KEYS, 0.01);
  }

  @Test
  void onlyEndpointOwnsAll() {
    ShardMap.Table table = map.build(List.of(A));

    assertEquals(1.0, table.share(0));
    assertEquals(0, owner(table, 1));
    assertEquals(0, table.owner(1, i -> true));
    assertEquals(-1, table.owner(1, i -> false));
    assertEquals(1, table.owners(1, new int[3]));
  }

  @Test
  void addressThatIsWrittenInAnotherWayIsAnotherIdentity() {
    Endpoint lower = Endpoint.of(InetSocketAddress.createUnresolved("cache-1", 80));
    Endpoint upper = Endpoint.of(InetSocketAddress.createUnresolved("CACHE-1", 80));
    assertEquals(lower, upper);

    ShardMap.Table rebuilt = map.rebuild(map.build(List.of(lower, B)), List.of(upper, B));

    assertArrayEquals(
        ((SlotTable) map.build(List.of(upper, B))).owners(), ((SlotTable) rebuilt).owners());
  }

  @Test
  void noEndpointsAreRefused() {
    assertEquals(
        "endpoints: 0 of them (expected: 1 to 65535)",
        assertThrows(InvalidValueException.class, () -> map.build(List.of())).getMessage());
  }

  @Test
  void tooManyEndpointsAreRefused() {
    List<Endpoint> many = Collections.nCopies(65_536, A);

    assertEquals(
        "endpoints: 65536 of them (expected: 1 to 65535)",
        assertThrows(InvalidValueException.class, () -> map.build(many)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 32_767, 40_000, 8_388_609, Integer.MIN_VALUE})
  void numberOfSlotsIsChecked(int slots) {
    assertEquals(
        "slots: " + slots + " (expected: a multiple of 32768 up to 8388608)",
        assertThrows(InvalidValueException.class, () -> ShardMaps.standard(slots)).getMessage());
  }

  @Test
  void moreSlotsMakeLargeFleetsMoreEven() {
    List<Endpoint> endpoints = Endpoints.endpoints(2_000);

    assertTrue(deviation(ShardMaps.standard(1 << 21), endpoints) < 0.03);
    assertTrue(deviation(map, endpoints) < 0.07);
  }

  @Test
  void equalHashesOfIdentitiesAreOrderedByTheirText() {
    List<String> identities = List.of("b", "\uD83D\uDE00", "a", "\uFFFD", "c");
    long[] hashes = {-1, -1, -1, -1, 5};

    // UTF-8's order, in which a surrogate pair comes after what UTF-16 would put behind it.
    assertArrayEquals(new int[] {4, 2, 0, 3, 1}, Bidders.inOrder(hashes, identities::get));
  }

  private static double deviation(ShardMap map, List<Endpoint> endpoints) {
    ShardMap.Table table = map.build(endpoints);
    double squares = 0;
    for (int i = 0; i < endpoints.size(); i++) {
      squares += Math.pow(table.share(i) * endpoints.size() - 1, 2);
    }
    return Math.sqrt(squares / endpoints.size());
  }

  private static int[] counts(ShardMap.Table table, int size) {
    int[] counts = new int[size];
    for (int key = 0; key < KEYS; key++) {
      counts[owner(table, key)]++;
    }
    return counts;
  }

  private static int owner(ShardMap.Table table, int key) {
    return table.owner(table.hash(("key-" + key).getBytes(UTF_8)));
  }
}
