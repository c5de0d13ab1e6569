package dev.tahini.rpc.core.shard;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static dev.tahini.rpc.core.shard.Endpoints.D;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NamedShardMapTest {
  private final ShardMap map = ShardMaps.byName(ShardMaps.standard());

  @Test
  void podThatIsBackUnderAnotherAddressKeepsItsKeys() {
    ShardMap.Table before = map.build(named(A, B, C));
    ShardMap.Table after =
        map.rebuild(before, List.of(A.withName("pod-0"), D.withName("pod-1"), C.withName("pod-2")));

    new Random(1).longs(1_000).forEach(h -> assertEquals(before.owner(h), after.owner(h)));
  }

  @Test
  void whileOldAndNewAreListedTheServingOneHasTheKeys() {
    List<Endpoint> both =
        List.of(
            A.withName("pod-0"),
            B.withName("pod-1").withCondition(Endpoint.Condition.DRAINING),
            C.withName("pod-1"));
    ShardMap.Table before = map.build(List.of(A.withName("pod-0"), B.withName("pod-1")));
    ShardMap.Table during = map.rebuild(before, both);

    new Random(1)
        .longs(1_000)
        .forEach(h -> assertEquals(before.owner(h) == 0 ? 0 : 2, during.owner(h)));
    assertEquals(0, during.share(1));
    assertEquals(before.share(1), during.share(2));
  }

  @Test
  void ofTwoThatServeTheLesserAddressHasTheKeys() {
    ShardMap.Table table = map.build(List.of(B.withName("pod-0"), A.withName("pod-0")));

    assertEquals(1, table.owner(7));
    assertEquals(1, table.share(1));
  }

  @Test
  void otherOfTheSameNameComesLast() {
    ShardMap.Table table =
        map.build(List.of(B.withName("pod-0"), A.withName("pod-0"), C.withName("pod-1")));
    int[] order = new int[3];

    assertEquals(3, table.owners(7, order));
    assertEquals(0, order[2]);
    assertEquals(0, table.owner(7, i -> i == 0));
    assertEquals(-1, table.owner(7, i -> false));
  }

  static Stream<ShardMap> maps() {
    return Stream.of(
        ShardMaps.standard(), ShardMaps.ringHash(), ShardMaps.maglev(), ShardMaps.goma());
  }

  @ParameterizedTest
  @MethodSource("maps")
  void endpointWithoutANameIsKnownByItsAddress(ShardMap inner) {
    ShardMap.Table byAddress = inner.build(List.of(A, B, C));
    ShardMap.Table table = ShardMaps.byName(inner).build(List.of(A, B, C));

    new Random(1).longs(1_000).forEach(h -> assertEquals(byAddress.owner(h), table.owner(h)));
  }

  @Test
  void anyMapCanGoByName() {
    ShardMap.Table byName = ShardMaps.byName(ShardMaps.goma()).build(named(A, B, C));
    ShardMap.Table sameNames = ShardMaps.byName(ShardMaps.goma()).build(named(D, C, A));
    int[] first = new int[3];
    int[] second = new int[3];
    byName.owners(99, first);
    sameNames.owners(99, second);

    assertArrayEquals(first, second);
  }

  private static List<Endpoint> named(Endpoint... endpoints) {
    return IntStream.range(0, endpoints.length)
        .mapToObj(i -> endpoints[i].withName("pod-" + i))
        .toList();
  }
}
