package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of Envoy, as running its code made them. */
class MaglevGoldenTest {

  static Stream<Golden> tables() {
    return Golden.read("envoy-maglev.jsonl");
  }

  static Stream<Golden> writtenOutTables() {
    return tables().filter(golden -> golden.has("table"));
  }

  static Stream<Golden> tablesWithAttempts() {
    return tables().filter(golden -> golden.has("attempts"));
  }

  @Test
  void fileIsRead() {
    assertEquals(11, tables().count());
    assertEquals(2, writtenOutTables().count());
    assertEquals(1, tablesWithAttempts().count());
  }

  private static List<Host> sorted(Golden golden) {
    return Host.sorted(golden.endpoints(), Endpoint::addressText);
  }

  private static int[] slots(Golden golden) {
    return new MaglevSlots(sorted(golden), golden.number("tableSize")).fill();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void slotsAreThePeers(Golden golden) {
    List<String> hosts = golden.texts("hosts");

    String text =
        Arrays.stream(slots(golden))
            .mapToObj(host -> hosts.get(host) + "\n")
            .collect(Collectors.joining());

    assertEquals(golden.text("tableSha256"), Golden.sha256(text));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writtenOutTables")
  void slotsAreThoseOfTheWrittenOutTable(Golden golden) {
    assertEquals(golden.numbers("table"), Arrays.stream(slots(golden)).boxed().toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void hostHasAsManySlotsAsWithThePeer(Golden golden) {
    int hosts = golden.texts("hosts").size();

    assertEquals(golden.numbers("entriesPerHost"), GoldenOwners.counts(hosts, slots(golden)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void keyHasThePeersOwnerWhateverTheOrder(Golden golden) {
    List<Endpoint> endpoints = new ArrayList<>(golden.endpoints());
    Collections.shuffle(endpoints, new Random(1));
    ShardMap map = ShardMaps.maglev(golden.number("tableSize"));

    GoldenOwners.assertOwners(
        golden, map.build(endpoints), endpoints.stream().map(Endpoint::addressText).toList());
  }

  @Test
  void defaultSizeIsEnvoys() {
    Golden golden = tables().findFirst().orElseThrow();

    GoldenOwners.assertOwners(
        golden, ShardMaps.maglev().build(golden.endpoints()), golden.texts("hosts"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tablesWithAttempts")
  void attemptGoesWhereThePeersGoes(Golden golden) {
    MaglevTable table = new Maglev(golden.number("tableSize")).table(sorted(golden));

    for (JsonObject attempts : golden.objects("attempts")) {
      long start = table.start(table.hash(attempts.get("key").getAsString().getBytes(UTF_8)));
      List<String> owners = Golden.texts(attempts.get("owners"));
      assertEquals(
          owners,
          IntStream.range(0, owners.size())
              .mapToObj(attempt -> golden.texts("hosts").get(table.ownerAt(start, attempt)))
              .toList());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tablesWithAttempts")
  void ownersOfAKeyAreThoseOfTheAttempts(Golden golden) {
    MaglevTable table = new Maglev(golden.number("tableSize")).table(sorted(golden));

    for (JsonObject attempts : golden.objects("attempts")) {
      long hash = table.hash(attempts.get("key").getAsString().getBytes(UTF_8));
      List<String> distinct = Golden.texts(attempts.get("owners")).stream().distinct().toList();
      int[] owners = new int[distinct.size()];
      assertEquals(owners.length, table.owners(hash, owners));
      assertEquals(distinct, Arrays.stream(owners).mapToObj(golden.texts("hosts")::get).toList());
    }
  }
}
