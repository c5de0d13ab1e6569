package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rings of the Go package, as running groupcache's code made them. */
class GomaGoldenTest {

  static Stream<Golden> rings() {
    return Golden.read("goma-groupcache.jsonl");
  }

  static Stream<Golden> ringsWithoutCollisions() {
    return rings().filter(golden -> !golden.has("collisions"));
  }

  static Stream<Golden> ringsWithCollisions() {
    return rings().filter(golden -> golden.has("collisions"));
  }

  @Test
  void fileIsRead() {
    assertEquals(8, ringsWithoutCollisions().count());
    assertEquals(4, ringsWithCollisions().count());
  }

  private static Points points(Golden golden) {
    return new Goma().points(golden.hosts());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rings")
  void ringHasThePeersPoints(Golden golden) {
    List<String> hosts = golden.texts("hosts");
    Points points = points(golden);

    String entries =
        IntStream.range(0, points.size())
            .mapToObj(i -> crc(points.hash(i)) + " " + hosts.get(points.owner(i)) + "\n")
            .collect(Collectors.joining());

    assertEquals(golden.number("distinctPoints"), points.size());
    assertEquals(golden.text("ringSha256"), Golden.sha256(entries));
  }

  private static String crc(long hash) {
    return HexFormat.of().toHexDigits(hash, 8);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rings")
  void addressHasAsManyPointsAsThereAreAddresses(Golden golden) {
    Points points = points(golden);
    int hosts = golden.texts("hosts").size();
    int[] owners = IntStream.range(0, points.size()).map(points::owner).toArray();

    assertEquals(golden.number("replicas"), hosts);
    assertEquals(golden.number("points"), hosts * hosts);
    assertEquals(golden.numbers("distinctPointsPerHost"), GoldenOwners.counts(hosts, owners));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rings")
  void keyHasThePeersOwner(Golden golden) {
    GoldenOwners.assertOwners(golden, new Goma().ring(golden.hosts()), golden.texts("hosts"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ringsWithCollisions")
  void sharedPointBelongsToTheAddressAddedLast(Golden golden) {
    Ring ring = new Goma().ring(golden.hosts());

    for (JsonObject collision : golden.objects("collisions")) {
      long hash = Long.parseLong(collision.get("crc32").getAsString(), 16);
      for (String text : Golden.texts(collision.get("strings"))) {
        assertEquals(hash, ring.hash(text.getBytes(UTF_8)));
      }
      List<String> hosts = Golden.texts(collision.get("hosts"));
      assertEquals(hosts.get(1), collision.get("owner").getAsString());
      assertEquals(hosts.get(1), golden.texts("hosts").get(ring.owner(hash)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ringsWithoutCollisions")
  void publicMapHasThePeersOwnersWhateverTheOrder(Golden golden) {
    List<Endpoint> endpoints = new ArrayList<>(endpoints(golden));
    Collections.shuffle(endpoints, new Random(1));

    GoldenOwners.assertOwners(
        golden, ShardMaps.goma().build(endpoints), endpoints.stream().map(Host::ip).toList());
  }

  private static List<Endpoint> endpoints(Golden golden) {
    return golden.texts("hosts").stream()
        .map(ip -> Endpoints.at((ip.contains(":") ? "[" + ip + "]" : ip) + ":8080"))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ringsWithCollisions")
  void publicMapGivesASharedPointToTheGreaterAddress(Golden golden) {
    List<Endpoint> endpoints = endpoints(golden);
    ShardMap.Table table = ShardMaps.goma().build(endpoints);

    for (JsonObject collision : golden.objects("collisions")) {
      long hash = Long.parseLong(collision.get("crc32").getAsString(), 16);
      List<String> hosts = Golden.texts(collision.get("hosts"));
      assertEquals(Collections.max(hosts), Host.ip(endpoints.get(table.owner(hash))));
    }
  }
}
