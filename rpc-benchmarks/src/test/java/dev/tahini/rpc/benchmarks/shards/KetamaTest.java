package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class KetamaTest {
  private final Ketama ketama = new Ketama();

  @Test
  void has160PointsForEachUnitOfWeight() {
    assertEquals(1600, ketama.build(Fleet.of(0, 10).endpoints()).length);
    assertEquals(8800, ketama.build(Fleet.of(0, 10).ofEveryWeight()).length);
  }
}
