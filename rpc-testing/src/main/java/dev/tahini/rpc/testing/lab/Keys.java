package dev.tahini.rpc.testing.lab;

import java.util.Arrays;

/** The keys that calls carry, {@code "k0"} and on, and how often each comes. Immutable. */
public final class Keys {
  private final double[] upTo;

  private Keys(double[] upTo) {
    this.upTo = upTo;
  }

  /**
   * Each key as often as the others.
   *
   * @param count at least 1
   * @return the keys
   * @throws dev.tahini.rpc.InvalidValueException if there are none
   */
  public static Keys uniform(int count) {
    return zipf(count, 0);
  }

  /**
   * A few hot keys and many cold ones: key k comes in proportion to 1/(k+1)^exponent.
   *
   * @param count at least 1
   * @param exponent 0 for uniform, 1 for Zipf's own law; zero or more
   * @return the keys
   * @throws dev.tahini.rpc.InvalidValueException if a value is outside its range
   */
  public static Keys zipf(int count, double exponent) {
    double[] upTo = new double[Checks.atLeast("count", count, 1)];
    Checks.notNegative("exponent", exponent);
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += StrictMath.pow(k + 1, -exponent);
      upTo[k] = sum;
    }
    for (int k = 0; k < count; k++) {
      upTo[k] /= sum;
    }
    return new Keys(upTo);
  }

  /** The key at a part of all calls, in [0, 1). */
  String at(double quantile) {
    int found = Arrays.binarySearch(upTo, quantile);
    return "k" + Math.min(found >= 0 ? found + 1 : -found - 1, upTo.length - 1);
  }
}
