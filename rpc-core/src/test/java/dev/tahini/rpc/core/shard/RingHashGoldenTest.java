package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rings of grpc-go and of Envoy, as running their code made them. */
class RingHashGoldenTest {

  static Stream<Golden> grpcRings() {
    return Stream.of("grpc-ring-hash.jsonl", "grpc-ring-hash-cap8m.jsonl").flatMap(Golden::read);
  }

  static Stream<Golden> grpcRingsOfAddresses() {
    return grpcRings().filter(golden -> !golden.has("hashKeys"));
  }

  static Stream<Golden> envoyRings() {
    return Golden.read("envoy-ring-hash.jsonl");
  }

  static Stream<Golden> rings() {
    return Stream.concat(grpcRings(), envoyRings());
  }

  @Test
  void filesAreRead() {
    assertEquals(26 + 4, grpcRings().count());
    assertEquals(3, envoyRings().count());
  }

  /** The cap is the peer's own setting: here whoever gives the sizes has cut them. */
  private static RingHash map(Golden golden) {
    int cap = golden.has("ringCap") ? golden.number("ringCap") : RingHash.LARGEST_RING;
    return new RingHash(
        Math.min(golden.number("minRing"), cap), Math.min(golden.number("maxRing"), cap));
  }

  /** grpc-go sorts the hosts; Envoy takes them as they come. */
  private static List<Host> inThePeersOrder(Golden golden) {
    if (golden.text("scheme").equals("envoy-ring-hash")) {
      return golden.hosts();
    }
    List<String> identities = golden.identities();
    List<Endpoint> endpoints = new ArrayList<>();
    for (Endpoint endpoint : golden.endpoints()) {
      endpoints.add(endpoint.withName(identities.get(endpoints.size())));
    }
    return Host.sorted(endpoints, Endpoint::name);
  }

  private static Points points(Golden golden) {
    return map(golden).points(inThePeersOrder(golden));
  }

  private static Ring ring(Golden golden) {
    return map(golden).ring(inThePeersOrder(golden));
  }

  /** Each as the hash, space, the host. */
  private static List<String> entries(Golden golden) {
    List<String> identities = golden.identities();
    Points points = points(golden);
    return IntStream.range(0, points.size())
        .mapToObj(i -> Golden.hex(points.hash(i)) + " " + identities.get(points.owner(i)))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rings")
  void ringHasThePeersEntries(Golden golden) {
    List<String> entries = entries(golden);

    assertEquals(golden.number("ringSize"), entries.size());
    assertEquals(golden.text("ringSha256"), Golden.sha256(String.join("\n", entries) + "\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grpcRings")
  void ringBeginsWithThePeersEntries(Golden golden) {
    List<String> first = golden.texts("firstEntries");

    assertEquals(first, entries(golden).subList(0, first.size()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rings")
  void hostHasAsManyEntriesAsWithThePeer(Golden golden) {
    Points points = points(golden);
    int[] owners = IntStream.range(0, points.size()).map(points::owner).toArray();

    assertEquals(
        golden.numbers("entriesPerHost"), GoldenOwners.counts(golden.identities().size(), owners));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rings")
  void keyHasThePeersOwner(Golden golden) {
    GoldenOwners.assertOwners(golden, ring(golden), golden.texts("hosts"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grpcRings")
  void hashHasThePeersOwner(Golden golden) {
    Ring ring = ring(golden);

    for (Map.Entry<String, String> owner : golden.entries("hashOwners").entrySet()) {
      long hash = Long.parseUnsignedLong(owner.getKey(), 16);
      assertEquals(owner.getValue(), golden.texts("hosts").get(ring.owner(hash)), owner.getKey());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grpcRingsOfAddresses")
  void publicMapHasThePeersOwnersWhateverTheOrder(Golden golden) {
    List<Endpoint> endpoints = new ArrayList<>(golden.endpoints());
    Collections.shuffle(endpoints, new Random(1));
    RingHash sizes = map(golden);
    ShardMap map = ShardMaps.ringHash(sizes.minRingSize(), sizes.maxRingSize());

    GoldenOwners.assertOwners(
        golden, map.build(endpoints), endpoints.stream().map(Endpoint::addressText).toList());
  }

  private static Golden grpc(String name) {
    return grpcRings().filter(golden -> golden.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void defaultSizesAreGrpcs() {
    Golden golden = grpc("eq-10");

    GoldenOwners.assertOwners(
        golden, ShardMaps.ringHash().build(golden.endpoints()), golden.texts("hosts"));
  }

  @Test
  void keyHasThePeersHash() {
    Golden golden = grpc("eq-3");
    Ring ring = ring(golden);

    Map<String, String> hashes = golden.entries("keyHashes");
    assertEquals(golden.entries("owners").keySet(), hashes.keySet());
    hashes.forEach(
        (key, hash) -> assertEquals(hash, Golden.hex(ring.hash(key.getBytes(UTF_8))), key));
  }

  @Test
  void keyLandsOnThePeersEntry() {
    Golden golden = grpc("eq-3");
    Points points = points(golden);

    Map<String, String> entries = golden.entries("entryHashes");
    assertEquals(golden.entries("owners").keySet(), entries.keySet());
    entries.forEach(
        (key, hash) -> {
          int entry = points.firstAtOrAfter(KeyHash.XXH64.of(key.getBytes(UTF_8)));
          assertEquals(hash, Golden.hex(points.hash(entry)), key);
        });
  }

  @Test
  void headerOfSeveralValuesIsTheirsJoinedByCommas() {
    Golden golden = grpc("eq-3");
    Ring ring = ring(golden);

    List<JsonObject> headers = golden.objects("multiValueOwners");
    assertEquals(8, headers.size());
    for (JsonObject header : headers) {
      String key = String.join(",", Golden.texts(header.get("values")));
      long hash = ring.hash(key.getBytes(UTF_8));
      assertEquals(header.get("keyHash").getAsString(), Golden.hex(hash));
      assertEquals(header.get("owner").getAsString(), golden.texts("hosts").get(ring.owner(hash)));
    }
  }
}
