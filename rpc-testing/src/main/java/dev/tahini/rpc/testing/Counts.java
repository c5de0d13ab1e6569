package dev.tahini.rpc.testing;

import dev.tahini.rpc.InvalidValueException;

/** What is waited for, in numbers. */
final class Counts {
  private Counts() {}

  /** To wait for at least none would be to wait for nothing. */
  static void requireSome(String what, int count) {
    if (count < 1) {
      throw new InvalidValueException(what, count, "1 or more; awaitIdle() waits for none");
    }
  }

  static String atLeast(int count, String what, int now) {
    return "at least " + count + " " + what + ", not " + now;
  }
}
