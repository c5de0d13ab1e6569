package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final Spread SPREAD = Spread.of(new int[] {0, 0, 0, 1}, 4);

  @Test
  void putsTheMostBesideTheAverage() {
    assertEquals(3, SPREAD.mostToAverage());
  }

  @Test
  void countsThoseThatHaveAny() {
    assertEquals(2, SPREAD.reached());
  }

  @Test
  void findsTheOneFarthestFromItsWeight() {
    List<Endpoint> weighted = Fleet.of(0, 4).ofEveryWeight();

    assertEquals(0.75 - 0.1, SPREAD.farthestFromWeights(weighted), 1e-9);
  }
}
