package dev.tahini.rpc.retry;

import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * How long a method's calls took to be answered in the last 10 to 20 seconds. Thread-safe: noting
 * takes no lock, the percentile is reckoned anew once in a second.
 */
final class LatencyWindow {
  private static final int DIGITS = 2;
  private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int ENOUGH = 100;
  private static final double PERCENTILE = 95;

  /** Where too few calls were seen. */
  static final long UNKNOWN = -1;

  private final Deadline.Ticker ticker;
  private final Recorder recorder = new Recorder(LONGEST_MICROS, DIGITS);
  private final Histogram now = new Histogram(LONGEST_MICROS, DIGITS); // guarded by this
  private final Histogram before = new Histogram(LONGEST_MICROS, DIGITS); // guarded by this
  private @Nullable Histogram spare; // guarded by this
  private long spanStart; // guarded by this
  private volatile long refreshedNanos;
  private volatile long percentileNanos = UNKNOWN;

  LatencyWindow(Deadline.Ticker ticker) {
    this.ticker = ticker;
    this.spanStart = ticker.nanoTime();
    this.refreshedNanos = spanStart;
  }

  void note(long tookNanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(tookNanos);
    recorder.recordValue(Math.max(0, Math.min(micros, LONGEST_MICROS)));
  }

  /** In nanoseconds, or {@link #UNKNOWN}. */
  long percentile95() {
    long nanos = ticker.nanoTime();
    if (nanos - refreshedNanos >= REFRESH_NANOS || percentileNanos == UNKNOWN) {
      refresh(nanos);
    }
    return percentileNanos;
  }

  private synchronized void refresh(long nanos) {
    Histogram lately = recorder.getIntervalHistogram(spare);
    spare = lately;
    now.add(lately);
    if (nanos - spanStart >= SPAN_NANOS) {
      before.reset();
      if (nanos - spanStart < 2 * SPAN_NANOS) {
        before.add(now);
      }
      now.reset();
      spanStart = nanos;
    }
    Histogram all = now.copy();
    all.add(before);
    percentileNanos =
        all.getTotalCount() < ENOUGH
            ? UNKNOWN
            : TimeUnit.MICROSECONDS.toNanos(all.getValueAtPercentile(PERCENTILE));
    refreshedNanos = nanos;
  }
}
