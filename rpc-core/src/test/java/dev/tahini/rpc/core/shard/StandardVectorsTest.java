package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The standard map against vectors that another implementation made. */
class StandardVectorsTest {
  private static final int BLOCKS = 8;
  private static final int SLOTS = 1 << 18;

  private final ShardMap map = ShardMaps.byName(ShardMaps.standard());

  static List<StandardVector> vectors() throws IOException {
    return StandardVector.all();
  }

  @Test
  void vectorsAreThere() throws IOException {
    assertEquals(19, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void tableHasTheOwnersOfTheVector(StandardVector vector) {
    List<Endpoint> endpoints = vector.endpoints();

    assertIs(vector, endpoints, map.build(endpoints));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void tableReachedByChangesHasTheOwnersOfTheVector(StandardVector vector) {
    List<Endpoint> endpoints = vector.endpoints();
    for (List<List<Endpoint>> way : waysTo(endpoints)) {
      ShardMap.Table table = map.build(way.get(0));
      for (List<Endpoint> list : way.subList(1, way.size())) {
        table = map.rebuild(table, list);
      }
      assertIs(vector, endpoints, map.rebuild(table, endpoints));
    }
  }

  /** The lists before it, so that each way ends with another kind of change. */
  private static List<List<List<Endpoint>>> waysTo(List<Endpoint> endpoints) {
    Endpoint extra = Endpoints.endpoint(0xabcdef);
    List<Endpoint> reversed = new ArrayList<>(endpoints);
    Collections.reverse(reversed);
    int last = endpoints.size() - 1;
    return List.of(
        List.of(with(extra, endpoints.subList(0, last)), with(extra, endpoints)),
        List.of(with(extra, reversed.subList(0, last)), with(extra, endpoints)),
        List.of(weighing(1, endpoints)),
        List.of(weighing(-1, endpoints)),
        List.of(reversed));
  }

  private static List<Endpoint> with(Endpoint extra, List<Endpoint> endpoints) {
    List<Endpoint> more = new ArrayList<>(endpoints);
    more.add(0, extra);
    return more;
  }

  /** With another weight of the first, where that is a weight. */
  private static List<Endpoint> weighing(int more, List<Endpoint> endpoints) {
    List<Endpoint> changed = new ArrayList<>(endpoints);
    long weight = (long) endpoints.get(0).weight() + more;
    if (weight >= 1 && weight <= Integer.MAX_VALUE) {
      changed.set(0, endpoints.get(0).withWeight((int) weight));
    }
    return changed;
  }

  private static void assertIs(
      StandardVector vector, List<Endpoint> endpoints, ShardMap.Table table) {
    assertEquals(vector.sha256(), sha256(endpoints, table));
    if (vector.slotsPerHost() != null) {
      List<Integer> slots =
          IntStream.range(0, endpoints.size())
              .mapToObj(i -> (int) Math.round(table.share(i) * SLOTS))
              .toList();
      assertEquals(vector.slotsPerHost(), slots);
    }
    vector.owners().forEach((key, owner) -> assertEquals(owner, owner(endpoints, table, key), key));
    vector.orders().forEach((key, order) -> assertOrder(order, endpoints, table, key));
  }

  private static String sha256(List<Endpoint> endpoints, ShardMap.Table table) {
    List<byte[]> lines =
        endpoints.stream().map(e -> (StandardVector.identity(e) + "\n").getBytes(UTF_8)).toList();
    MessageDigest digest = newSha256();
    for (int slot = 0; slot < SLOTS; slot++) {
      digest.update(lines.get(table.owner(hashIn(slot))));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A hash of a slot. */
  private static long hashIn(int slot) {
    int slotsOfABlock = SLOTS / BLOCKS;
    return (long) (slot / slotsOfABlock) << 61 | slot % slotsOfABlock;
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String owner(List<Endpoint> endpoints, ShardMap.Table table, String key) {
    return StandardVector.identity(endpoints.get(table.owner(table.hash(key.getBytes(UTF_8)))));
  }

  /** Of any length, as the first few are found in another way than more. */
  private static void assertOrder(
      List<String> order, List<Endpoint> endpoints, ShardMap.Table table, String key) {
    long hash = table.hash(key.getBytes(UTF_8));
    for (int length = 1; length <= order.size(); length++) {
      int[] owners = new int[length];
      assertEquals(length, table.owners(hash, owners));
      List<String> hosts =
          Arrays.stream(owners).mapToObj(i -> StandardVector.identity(endpoints.get(i))).toList();
      assertEquals(order.subList(0, length), hosts, key);
    }
  }
}
