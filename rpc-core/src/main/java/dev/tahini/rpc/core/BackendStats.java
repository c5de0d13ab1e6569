package dev.tahini.rpc.core;

import io.grpc.Deadline;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one backend. Each attempt adds its own, on whatever thread gRPC runs it: with one
 * atomic addition when it starts and one when it succeeds.
 *
 * <p>Two looks at a clock cost more than all the rest, so a busy backend's latency is sampled,
 * about once in 10 ms. Where attempts are rarer, and do not overlap, and after a failure, each is
 * timed.
 */
final class BackendStats {
  /** In place of a latency that was not measured. */
  static final long UNTIMED = Long.MIN_VALUE;

  /** RFC 6298, section 2: a new sample moves the mean by 1/8 of its distance. */
  private static final int GAIN_SHIFT = 3;

  private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int LONGEST_STRIDE = 1_024;

  /** Room for 4 million in flight, and for 10,000 successes a second for 13 years. */
  private static final int IN_FLIGHT_BITS = 22;

  private static final long STARTED = 1;
  private static final long SUCCEEDED = (1L << IN_FLIGHT_BITS) - STARTED;
  private static final VarHandle CALLS;

  static {
    try {
      CALLS = MethodHandles.lookup().findVarHandle(BackendStats.class, "calls", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Those in flight in the lower bits, those that succeeded in the others. */
  private volatile long calls;

  private final AtomicLongArray failed = new AtomicLongArray(Status.Code.values().length);
  private volatile long latencyNanos;
  private volatile @Nullable Status lastError;

  /** At so many successes the next attempt is timed. Races of two attempts over it do no harm. */
  private volatile long nextSample;

  private volatile int stride = 1;
  private volatile long lastSampleNanos;

  /**
   * Counts an attempt that starts.
   *
   * @param timed whether it must be timed
   * @return its start, or {@link #UNTIMED}
   */
  long start(Deadline.Ticker ticker, boolean timed) {
    long succeeded = succeeded((long) CALLS.getAndAdd(this, STARTED));
    boolean sample = succeeded >= nextSample;
    if (!sample && !timed) {
      return UNTIMED;
    }
    long now = ticker.nanoTime();
    if (sample) {
      stride = nextStride(now - lastSampleNanos);
      nextSample = succeeded + stride;
      lastSampleNanos = now;
    }
    return now;
  }

  /** So many successes later it will be time: from how long the last so many have taken. */
  private int nextStride(long tookNanos) {
    return tookNanos < SAMPLE_NANOS
        ? Math.min(2 * stride, LONGEST_STRIDE)
        : (int) Math.max(stride * SAMPLE_NANOS / tookNanos, 1);
  }

  /** Takes the count of one that started back: it was none. */
  void uncount() {
    CALLS.getAndAdd(this, -STARTED);
  }

  /**
   * Counts the end of one that was counted.
   *
   * @param tookNanos or {@link #UNTIMED}
   */
  void end(Status status, long tookNanos) {
    if (status.isOk()) {
      CALLS.getAndAdd(this, SUCCEEDED);
    } else {
      CALLS.getAndAdd(this, -STARTED);
      failed.incrementAndGet(status.getCode().value());
      stride = 1;
      nextSample = 0;
      if (status.getCode() != Status.Code.CANCELLED) {
        lastError = status;
      }
    }
    if (tookNanos != UNTIMED) {
      // Of two attempts that end at the same moment one sample may be lost: a mean can bear that.
      long mean = latencyNanos;
      latencyNanos = mean == 0 ? Math.max(tookNanos, 1) : mean + ((tookNanos - mean) >> GAIN_SHIFT);
    }
  }

  private static long succeeded(long calls) {
    return calls >>> IN_FLIGHT_BITS;
  }

  private static int inFlight(long calls) {
    return (int) (calls & ((1L << IN_FLIGHT_BITS) - 1));
  }

  int inFlight() {
    return inFlight(calls);
  }

  /** All that have started; fewer by those that fail while it is read. */
  long started() {
    long sum = 0;
    for (int code = 0; code < failed.length(); code++) {
      sum += failed.get(code);
    }
    long now = calls;
    return sum + inFlight(now) + succeeded(now);
  }

  long ended(Status.Code code) {
    return code == Status.Code.OK ? succeeded(calls) : failed.get(code.value());
  }

  long latencyNanos() {
    return latencyNanos;
  }

  @Nullable Status lastError() {
    return lastError;
  }
}
