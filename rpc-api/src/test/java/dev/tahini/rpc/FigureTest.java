package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FigureTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "Balance", "_a", "a_", "a__b", "9a", "a-b", "a b", "ä"})
  void namesThatPrometheusWouldNotTakeAreRefused(String name) {
    assertThrows(InvalidValueException.class, () -> new Figure(name, "", 1));
  }

  @Test
  void valueMayBeInfiniteButMustBeANumber() {
    assertEquals(
        Double.POSITIVE_INFINITY, new Figure("left", "", Double.POSITIVE_INFINITY).value());
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new Figure("left", "", Double.NaN));
    assertEquals("value: NaN (expected: a number)", e.getMessage());
  }
}
