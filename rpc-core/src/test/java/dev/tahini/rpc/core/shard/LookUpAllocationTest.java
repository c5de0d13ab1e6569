package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tahini.rpc.ShardMap;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A look-up allocates nothing, in any of the maps, nor do the first four owners of a key. */
class LookUpAllocationTest {
  private static final int LOOK_UPS = 20_000;
  private static final int MOST_ROUNDS = 500;
  private static final long NEXT_TO_NOTHING_BYTES = 500;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final byte[] key = "user-4711".getBytes(UTF_8);
  private final int[] first = new int[4];

  static Stream<ShardMap> maps() {
    return Stream.of(
        ShardMaps.standard(),
        ShardMaps.ringHash(),
        ShardMaps.maglev(),
        ShardMaps.maglev(17),
        ShardMaps.goma());
  }

  @ParameterizedTest
  @MethodSource("maps")
  void lookUpsAllocateNothing(ShardMap map) {
    ShardMap.Table table = map.build(Endpoints.endpoints(20));

    long least = Long.MAX_VALUE;
    long owners = 0;
    // The first rounds allocate: what hashes by CRC-32 has to be compiled well.
    for (int round = 0; round < MOST_ROUNDS && least > NEXT_TO_NOTHING_BYTES; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < LOOK_UPS; i++) {
        owners += lookUps(table, i);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }

    assertTrue(owners > 0);
    assertTrue(least <= NEXT_TO_NOTHING_BYTES, least + " bytes in " + LOOK_UPS + " look-ups");
  }

  private int lookUps(ShardMap.Table table, int i) {
    long hash = table.hash(key) + i * 0x9e3779b97f4a7c15L;
    return table.owner(hash)
        + table.owner(hash, LookUpAllocationTest::isOneOfMost)
        + table.owner(hash, LookUpAllocationTest::isNone)
        + table.owners(hash, first);
  }

  private static boolean isOneOfMost(int index) {
    return index % 3 != 0;
  }

  private static boolean isNone(int index) {
    return index < 0;
  }
}
