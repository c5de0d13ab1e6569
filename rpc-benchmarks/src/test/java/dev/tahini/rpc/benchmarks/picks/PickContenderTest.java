package dev.tahini.rpc.benchmarks.picks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tahini.rpc.benchmarks.harness.Policy;
import io.grpc.LoadBalancer.PickResult;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PickContenderTest {
  private static final int PICKS = 20_000;
  private static final int ROUNDS = 10;
  private static final long NEXT_TO_NOTHING_BYTES = 500;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @BeforeAll
  static void allowKeysInHeaders() {
    System.setProperty(Policy.HEADER_FLAG, "true");
  }

  @ParameterizedTest
  @EnumSource
  void everyPickIsOfAConnectedBackend(PickContender contender) throws InterruptedException {
    try (Picking picking = contender.open(10)) {
      Picking.Turns turns = picking.turns();
      for (int i = 0; i < PickContender.KEYS; i++) {
        Object picked = turns.pick();
        if (picked instanceof PickResult result) {
          assertNotNull(result.getSubchannel(), result::toString);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PickContender.class,
      names = {"PICK_FIRST"},
      mode = EnumSource.Mode.EXCLUDE)
  void picksSpread(PickContender contender) throws InterruptedException {
    try (Picking picking = contender.open(3)) {
      Picking.Turns turns = picking.turns();
      Map<Object, Integer> counts = new HashMap<>();
      for (int i = 0; i < PickContender.KEYS; i++) {
        Object picked = turns.pick();
        counts.merge(
            picked instanceof PickResult result ? result.getSubchannel() : picked, 1, Integer::sum);
      }
      assertEquals(3, counts.size(), counts::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PickContender.class,
      names = {"TAHINI_.*"},
      mode = EnumSource.Mode.MATCH_ALL)
  void oursAllocatesNothing(PickContender contender) throws InterruptedException {
    try (Picking picking = contender.open(100)) {
      Picking.Turns turns = picking.turns();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        least = Math.min(least, bytes(turns));
      }
      assertTrue(least <= NEXT_TO_NOTHING_BYTES, least + " bytes in " + PICKS + " picks");
    }
  }

  private long bytes(Picking.Turns turns) {
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < PICKS; i++) {
      turns.pick();
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
