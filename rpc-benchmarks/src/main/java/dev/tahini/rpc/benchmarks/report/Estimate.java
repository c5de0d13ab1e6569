package dev.tahini.rpc.benchmarks.report;

import java.util.Locale;

/**
 * A median and its 95 % interval.
 *
 * @param hasInterval whether there were enough samples for one; if not, low and high are the least
 *     and the most that was seen
 */
record Estimate(double middle, double low, double high, boolean hasInterval) {

  static Estimate bare(double middle) {
    return new Estimate(middle, middle, middle, false);
  }

  String text() {
    return hasInterval
        ? String.format(Locale.ROOT, "%s [%s, %s]", number(middle), number(low), number(high))
        : number(middle);
  }

  private static String number(double value) {
    double size = Math.abs(value);
    return size >= 100 || value == 0
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.2g", value);
  }

  /** A number with about three digits. */
  static String text(double value) {
    return number(value);
  }
}
