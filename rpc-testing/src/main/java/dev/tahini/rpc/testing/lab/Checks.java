package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;

/** What the values of an experiment must be. Each returns the value it was given. */
final class Checks {
  private Checks() {}

  static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new InvalidValueException(name, value, least + " or more");
    }
    return value;
  }

  static double positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new InvalidValueException(name, value, "a finite number above 0");
    }
    return value;
  }

  static double factor(String name, double value) {
    if (!(value >= 1 && value < Double.POSITIVE_INFINITY)) {
      throw new InvalidValueException(name, value, "a finite number of 1 or more");
    }
    return value;
  }

  static double notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new InvalidValueException(name, value, "a finite number of 0 or more");
    }
    return value;
  }

  static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new InvalidValueException(name, value, "more than zero");
    }
    return value;
  }

  static Duration notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new InvalidValueException(name, value, "zero or more");
    }
    return value;
  }

  static String named(String name, String value) {
    if (value.isBlank() || value.chars().anyMatch(Character::isWhitespace)) {
      throw new InvalidValueException(name, value, "a name without white space");
    }
    return value;
  }
}
