package dev.tahini.rpc.core;

import io.grpc.Status;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The counts of one backend. Each attempt adds its own, on whatever thread gRPC runs it. */
final class BackendStats {
  /** RFC 6298, section 2: a new sample moves the mean by 1/8 of its distance. */
  private static final int GAIN_SHIFT = 3;

  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLongArray ended = new AtomicLongArray(Status.Code.values().length);
  private volatile long latencyNanos;
  private volatile @Nullable Status lastError;

  void start() {
    inFlight.incrementAndGet();
  }

  void end(Status status, long tookNanos) {
    inFlight.decrementAndGet();
    ended.incrementAndGet(status.getCode().value());
    // Of two attempts that end at the same moment one sample may be lost: a mean can bear that.
    long mean = latencyNanos;
    latencyNanos = mean == 0 ? Math.max(tookNanos, 1) : mean + ((tookNanos - mean) >> GAIN_SHIFT);
    if (!status.isOk() && status.getCode() != Status.Code.CANCELLED) {
      lastError = status;
    }
  }

  int inFlight() {
    return inFlight.get();
  }

  long started() {
    long sum = inFlight.get();
    for (int code = 0; code < ended.length(); code++) {
      sum += ended.get(code);
    }
    return sum;
  }

  long ended(Status.Code code) {
    return ended.get(code.value());
  }

  long latencyNanos() {
    return latencyNanos;
  }

  @Nullable Status lastError() {
    return lastError;
  }
}
