package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArmeriaPlacementTest {
  /** From Guava's own tests, which have them from the authors' program. */
  @ParameterizedTest
  @CsvSource({
    "10863919174838991, 11, 6",
    "2016238256797177309, 11, 3",
    "1673758223894951030, 11, 5",
    "1, 100, 55",
    "2, 100, 62",
    "3, 100, 8"
  })
  void jumpsToTheIndexThatIsKnown(long hash, int backends, int index) {
    Fleet fleet = Fleet.of(0, backends);
    InetSocketAddress owner = (InetSocketAddress) fleet.endpoints().get(index).address();
    try (ArmeriaPlacement placement = new ArmeriaPlacement(fleet.endpoints())) {
      assertEquals(owner.getAddress().getHostAddress(), placement.select(hash).host());
    }
  }
}
