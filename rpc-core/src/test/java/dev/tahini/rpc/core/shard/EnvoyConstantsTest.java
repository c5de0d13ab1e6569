package dev.tahini.rpc.core.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The constants that Envoy's own unit tests state. */
class EnvoyConstantsTest {

  static Stream<Golden> constants() {
    return Golden.read("envoy-test-constants.jsonl");
  }

  private static Stream<Golden> with(String scheme, String field) {
    return constants()
        .filter(golden -> golden.text("scheme").equals(scheme))
        .filter(golden -> golden.has(field));
  }

  static Stream<Golden> rings() {
    return with("envoy-ring-hash", "ring");
  }

  static Stream<Golden> ringsWithHashes() {
    return with("envoy-ring-hash", "hashOwners");
  }

  static Stream<Golden> ringsWithAttempts() {
    return with("envoy-ring-hash", "attempts");
  }

  static Stream<Golden> tables() {
    return with("envoy-maglev", "table");
  }

  static Stream<Golden> tablesWithAttempts() {
    return with("envoy-maglev", "attempts");
  }

  @Test
  void fileIsRead() {
    assertEquals(5, constants().count());
    assertEquals(
        List.of(2L, 1L, 1L, 2L, 1L),
        Stream.of(rings(), ringsWithHashes(), ringsWithAttempts(), tables(), tablesWithAttempts())
            .map(Stream::count)
            .toList());
  }

  private static RingHash map(Golden golden) {
    return new RingHash(golden.number("minRing"), golden.number("maxRing"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rings")
  void ringIsEnvoys(Golden golden) {
    Points points = map(golden).points(golden.hosts());

    List<List<String>> ring =
        Golden.elements(golden.json().get("ring")).map(Golden::texts).toList();
    assertEquals(
        ring,
        IntStream.range(0, points.size())
            .mapToObj(i -> entry(points, i, golden.texts("hosts")))
            .toList());
  }

  private static List<String> entry(Points points, int i, List<String> hosts) {
    return List.of(Long.toUnsignedString(points.hash(i)), hosts.get(points.owner(i)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ringsWithHashes")
  void hashHasEnvoysOwner(Golden golden) {
    Ring ring = map(golden).ring(golden.hosts());

    golden
        .entries("hashOwners")
        .forEach(
            (hash, owner) ->
                assertEquals(
                    owner,
                    golden.texts("hosts").get(ring.owner(Long.parseUnsignedLong(hash))),
                    hash));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ringsWithAttempts")
  void attemptOnARingGoesWhereEnvoysGoes(Golden golden) {
    Ring ring = map(golden).ring(golden.hosts());
    long start = ring.start(Long.parseUnsignedLong(golden.text("hash")));

    for (Map.Entry<String, String> attempt : golden.entries("attempts").entrySet()) {
      int step = Integer.parseInt(attempt.getKey()) % ring.steps();
      assertEquals(
          attempt.getValue(),
          golden.texts("hosts").get(ring.ownerAt(start, step)),
          attempt::getKey);
    }
  }

  private static List<Host> sorted(Golden golden) {
    return Host.sorted(golden.endpoints(), Endpoint::addressText);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void tableIsEnvoys(Golden golden) {
    int[] slots = new MaglevSlots(sorted(golden), golden.number("tableSize")).fill();

    assertEquals(golden.numbers("table"), Arrays.stream(slots).boxed().toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tablesWithAttempts")
  void attemptInATableGoesWhereEnvoysGoes(Golden golden) {
    MaglevTable table = new Maglev(golden.number("tableSize")).table(sorted(golden));
    long start = table.start(Long.parseUnsignedLong(golden.text("hash")));

    for (Map.Entry<String, String> attempt : golden.entries("attempts").entrySet()) {
      int step = Integer.parseInt(attempt.getKey());
      assertEquals(
          attempt.getValue(),
          golden.texts("hosts").get(table.ownerAt(start, step)),
          attempt::getKey);
    }
  }

  @Test
  void ownersFollowTheAttempts() {
    Golden golden = ringsWithAttempts().findFirst().orElseThrow();
    Ring ring = map(golden).ring(golden.hosts());
    int[] owners = new int[3];

    assertEquals(3, ring.owners(0, owners));

    assertEquals(
        List.of("127.0.0.1:94", "127.0.0.1:92", "127.0.0.1:90"),
        Arrays.stream(owners).mapToObj(golden.texts("hosts")::get).toList());
  }
}
