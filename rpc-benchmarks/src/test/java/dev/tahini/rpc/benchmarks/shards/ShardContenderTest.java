package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.benchmarks.harness.Policy;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShardContenderTest {
  private static final int KEYS = 20_000;
  private static final Fleet FLEET = Fleet.of(0, 10);

  private final ShardKeys keys = new ShardKeys(KEYS);

  @BeforeAll
  static void allowKeysInHeaders() {
    System.setProperty(Policy.HEADER_FLAG, "true");
  }

  @ParameterizedTest
  @EnumSource
  void everyOwnerIsListedAndEveryBackendOwnsKeys(ShardContender contender) {
    try (Placement placement = contender.open(FLEET.endpoints())) {
      int[] owners = owners(placement);

      assertEquals(10, Spread.of(owners, 10).reached());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedPlacementIsTheOneThatIsBuiltOfTheNewList(ShardContender contender) {
    for (List<Endpoint> next : List.of(FLEET.without(4), FLEET.withSpare())) {
      try (Placement changed = contender.open(FLEET.endpoints());
          Placement built = contender.open(next)) {
        owners(changed);
        changed.change(next);

        assertArrayEquals(owners(built), owners(changed));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TAHINI", "KETAMA", "RENDEZVOUS", "RING_OF_1000", "MULTI_PROBE"})
  void thoseThatPromiseItMoveNoKeyNeedlessly(ShardContender contender) {
    for (List<Endpoint> next :
        List.of(FLEET.without(4), FLEET.withSpare(), FLEET.reweighted(4, 2))) {
      try (Placement before = contender.open(FLEET.endpoints());
          Placement after = contender.open(next)) {
        Moves moves = new Moves(FLEET.endpoints(), next);

        assertEquals(0, moves.needless(owners(before), owners(after)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void thoseThatKnowWeightsFollowThem(ShardContender contender) {
    List<Endpoint> weighted = FLEET.ofEveryWeight();
    try (Placement placement = contender.open(weighted)) {
      double off = Spread.of(owners(placement), 10).farthestFromWeights(weighted);

      assertEquals(contender.knowsWeights(), off < 0.04, () -> "off by " + off);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tablesHaveASize(ShardContender contender) {
    System.setProperty(TableSize.RULER_FLAG, "true");
    try (Placement placement = contender.open(FLEET.endpoints())) {
      placement
          .table()
          .map(table -> TableSize.megabytes(table, FLEET.endpoints()))
          .ifPresent(size -> assertTrue(size > 0 && size < 1, () -> size + " MB"));
    }
  }

  private int[] owners(Placement placement) {
    return LookUps.owners(placement.lookUps(keys), KEYS);
  }
}
