package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tahini.rpc.ShardMap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares a table with the owners that a golden file has. */
final class GoldenOwners {
  private GoldenOwners() {}

  /** Every key of the file has its owner; the names are those of the table's indices. */
  static void assertOwners(Golden golden, ShardMap.Table table, List<String> names) {
    Map<String, String> owners = golden.entries("owners");
    Map<String, String> wrong = new LinkedHashMap<>();
    owners.forEach(
        (key, owner) -> {
          String here = names.get(table.owner(table.hash(key.getBytes(UTF_8))));
          if (!here.equals(owner)) {
            wrong.put(key, here);
          }
        });
    assertFalse(owners.isEmpty());
    assertEquals(Map.of(), wrong);
  }

  /** How many of the places each index has, as the file counts them. */
  static List<Integer> counts(int hosts, int... places) {
    Integer[] counts = new Integer[hosts];
    Arrays.fill(counts, 0);
    for (int place : places) {
      counts[place]++;
    }
    return List.of(counts);
  }
}
