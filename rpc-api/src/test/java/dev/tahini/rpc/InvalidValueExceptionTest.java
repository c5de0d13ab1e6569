package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class InvalidValueExceptionTest {

  @Test
  void messageNamesTheValueAndWhatWasExpected() {
    assertEquals(
        "weight: 0 (expected: 1 or more)",
        new InvalidValueException("weight", 0, "1 or more").getMessage());
  }

  @Test
  void absentValueIsNull() {
    assertEquals(
        "target: null (expected: host:port)",
        new InvalidValueException("target", null, "host:port").getMessage());
  }

  @Test
  void wrongPartIsPutFirstAndIsTheCause() {
    InvalidValueException part = new InvalidValueException("port", "0", "1 to 65535");

    InvalidValueException whole = new InvalidValueException("target", "h:0", "host:port", part);

    assertEquals("target: h:0: port 0 is not 1 to 65535 (expected: host:port)", whole.getMessage());
    assertSame(part, whole.getCause());
  }

  @Test
  void valueThatCannotBeSeenIsQuoted() {
    assertEquals(
        "key: \" \" (expected: a word)",
        new InvalidValueException("key", " ", "a word").getMessage());
  }

  @Test
  void valueOf200CharactersIsQuotedWhole() {
    assertEquals(
        "key: " + "x".repeat(200) + " (expected: less)",
        new InvalidValueException("key", "x".repeat(200), "less").getMessage());
  }

  @Test
  void longerValueIsShortened() {
    assertEquals(
        "key: " + "x".repeat(200) + "... (201 characters) (expected: less)",
        new InvalidValueException("key", "x".repeat(201), "less").getMessage());
  }
}
