package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableSizeTest {
  private static final List<Endpoint> ENDPOINTS = Fleet.of(0, 100).endpoints();

  @BeforeAll
  static void seeIntoRecords() {
    System.setProperty(TableSize.RULER_FLAG, "true");
  }

  @Test
  void isThatOfTheTable() {
    assertEquals(0.008, TableSize.megabytes(new long[1000], ENDPOINTS), 50e-6);
  }

  @Test
  void endpointsAreNotOfTheTable() {
    Object[] table = {ENDPOINTS, new long[1000], ENDPOINTS.get(7)};

    assertEquals(0.008, TableSize.megabytes(table, ENDPOINTS), 100e-6);
  }
}
