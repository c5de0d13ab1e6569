package dev.tahini.rpc.core.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaglevTest {

  @ParameterizedTest
  @ValueSource(ints = {-7, 0, 1, 4, 65_536, 46_337 * 103, 5_000_009, 5_000_023})
  void sizeThatIsNoPrimeOrTooLargeIsRefused(int size) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> ShardMaps.maglev(size));

    assertEquals("tableSize: " + size + " (expected: a prime, 2 to 5000011)", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 65_537, 5_000_011})
  void primeIsAllowed(int size) {
    assertEquals("maglev", ShardMaps.maglev(size).name());
  }

  @Test
  void largestTableIsFilled() {
    MaglevTable table = table(Endpoints.endpoints(3), 5_000_011);

    assertEquals(1, table.share(0) + table.share(1) + table.share(2), 1e-12);
    assertEquals(1 / 3.0, table.share(0), 1e-6);
  }

  private static MaglevTable table(List<Endpoint> endpoints, int size) {
    return new Maglev(size).table(Host.sorted(endpoints, Endpoint::addressText));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7, 11, 13, 17, 31, 127, 131, 251, 257})
  void everySlotIsPassed(int size) {
    int[] own = IntStream.range(0, size).toArray();
    List<Host> hosts = IntStream.range(0, size).mapToObj(i -> new Host("h" + i, 1, i)).toList();
    MaglevTable table = new MaglevTable(hosts, own);

    for (long hash : new long[] {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 0x123456789abcdefL}) {
      int[] passed =
          IntStream.range(0, table.steps())
              .map(step -> table.ownerAt(table.start(hash), step))
              .distinct()
              .sorted()
              .toArray();
      assertEquals(size, passed.length);
    }
  }

  @Test
  void endpointsThatFoundNoSlotComeLastInTheOrderOfTheirAddresses() {
    List<Endpoint> endpoints = Endpoints.endpoints(6);
    MaglevTable table = table(endpoints, 3);
    int[] owners = new int[6];

    for (long hash = 0; hash < 10; hash++) {
      assertEquals(6, table.owners(hash, owners));
      assertEquals(List.of(3, 4, 5), Arrays.stream(owners, 3, 6).boxed().toList());
    }
  }

  @Test
  void shareIsThatOfTheSlots() {
    ShardMap.Table table = ShardMaps.maglev(251).build(Endpoints.endpoints(7));
    int[] slots = new int[7];

    for (long hash = 0; hash < 251; hash++) {
      slots[table.owner(hash)]++;
    }

    for (int i = 0; i < 7; i++) {
      assertEquals(slots[i] / 251.0, table.share(i));
    }
  }

  @Test
  void hashIsUnsigned() {
    MaglevTable table = table(Endpoints.endpoints(5), 17);

    // 2^64 - 1 is a multiple of 17.
    assertEquals(table.owner(0), table.owner(-1));
  }
}
