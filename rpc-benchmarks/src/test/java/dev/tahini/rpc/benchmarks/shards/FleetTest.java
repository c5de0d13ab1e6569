package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetTest {
  @Test
  void isTheSameEveryTimeAndAnotherForAnotherNumber() {
    assertEquals(Fleet.of(1, 10), Fleet.of(1, 10));
    assertNotEquals(Fleet.of(1, 10), Fleet.of(2, 10));
  }

  @Test
  void noAddressIsThereTwice() {
    Fleet fleet = Fleet.of(0, 10_000);

    assertEquals(
        10_001,
        Stream.concat(fleet.endpoints().stream(), Stream.of(fleet.spare())).distinct().count());
  }

  @Test
  void listsAreSortedByAddress() {
    List<String> addresses =
        Fleet.of(0, 100).withSpare().stream().map(Endpoint::addressText).toList();

    assertEquals(addresses.stream().sorted().toList(), addresses);
  }

  @Test
  void someAreEvenlyOverTheList() {
    assertEquals(List.of(1, 5, 8), Fleet.of(0, 10).some(3));
    assertEquals(List.of(0, 1), Fleet.of(0, 2).some(3));
  }
}
