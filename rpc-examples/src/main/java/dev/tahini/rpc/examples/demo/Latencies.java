package dev.tahini.rpc.examples.demo;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long calls took, in microseconds to two digits. Thread-safe. */
final class Latencies {
  private static final long LONGEST_MICROS = MINUTES.toMicros(1);
  private static final int DIGITS = 2;

  private final AbstractHistogram micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);

  void record(long nanos) {
    micros.recordValue(Math.min(NANOSECONDS.toMicros(nanos), LONGEST_MICROS));
  }

  long count() {
    return micros.getTotalCount();
  }

  /** The time in which a part of the calls was answered; 0 if there are none. */
  long nanosAtPercentile(double percentile) {
    return nanosAtPercentile(micros, percentile);
  }

  /** The same of several together. */
  static long nanosAtPercentile(Iterable<Latencies> parts, double percentile) {
    Histogram whole = new Histogram(LONGEST_MICROS, DIGITS);
    parts.forEach(part -> whole.add(part.micros));
    return nanosAtPercentile(whole, percentile);
  }

  private static long nanosAtPercentile(AbstractHistogram micros, double percentile) {
    // An empty histogram answers with the end of its first bucket.
    return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percentile) * 1_000;
  }
}
