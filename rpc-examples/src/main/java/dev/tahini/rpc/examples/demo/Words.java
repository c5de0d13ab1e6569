package dev.tahini.rpc.examples.demo;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

/** Figures as the demo writes them, the same everywhere. */
final class Words {
  private Words() {}

  static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** Such as "1 call" or "2,000 calls". */
  static String count(long n, String singular) {
    return number(n) + " " + singular + (n == 1 ? "" : "s");
  }

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%,.1f ms", nanos / 1e6);
  }

  static String seconds(Duration length) {
    return String.format(Locale.ROOT, "%.1f s", (double) length.toNanos() / SECONDS.toNanos(1));
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  /** Such as "24.1 % to 25.9 %"; the numbers must be there. */
  static String percentRange(Collection<Double> shares) {
    double min = shares.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double max = shares.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return percent(min) + " to " + percent(max);
  }

  /** Such as "3 to 7"; the numbers must be there. */
  static String range(Collection<Integer> numbers) {
    int min = numbers.stream().mapToInt(Integer::intValue).min().orElseThrow();
    int max = numbers.stream().mapToInt(Integer::intValue).max().orElseThrow();
    return min == max ? number(min) : number(min) + " to " + number(max);
  }
}
