package dev.tahini.rpc.debug.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A backend's attempts of the last five minutes, in steps of five seconds, by when they ended.
 * Noting takes no lock and allocates nothing.
 */
final class CallSeries {
  static final int STEPS = 60;
  static final int STEP_SECONDS = 5;

  private final AtomicIntegerArray ended = new AtomicIntegerArray(STEPS);
  private final AtomicIntegerArray failed = new AtomicIntegerArray(STEPS);
  private final AtomicLongArray sumNanos = new AtomicLongArray(STEPS);
  private final TimeSlots steps =
      new TimeSlots(STEPS, TimeUnit.SECONDS.toNanos(STEP_SECONDS), this::clear);

  private void clear(int step) {
    ended.set(step, 0);
    failed.set(step, 0);
    sumNanos.set(step, 0);
  }

  void note(boolean isFailure, long tookNanos, long nanoTime) {
    int step = steps.at(nanoTime);
    ended.incrementAndGet(step);
    sumNanos.addAndGet(step, tookNanos);
    if (isFailure) {
      failed.incrementAndGet(step);
    }
  }

  /**
   * All steps, the oldest first.
   *
   * @param ended attempts that ended
   * @param failed those that failed, but for cancelled ones
   * @param meanMicros how long they took; 0 where there are none
   */
  @SuppressWarnings("ArrayRecordComponent") // read at once, and compared by nobody
  record Steps(int[] ended, int[] failed, long[] meanMicros) {}

  Steps read(long nanoTime) {
    Steps read = new Steps(new int[STEPS], new int[STEPS], new long[STEPS]);
    for (int i = 0; i < STEPS; i++) {
      int step = steps.back(nanoTime, STEPS - 1 - i);
      int count = step < 0 ? 0 : ended.get(step);
      if (count > 0) {
        read.ended[i] = count;
        read.failed[i] = failed.get(step);
        read.meanMicros[i] = TimeUnit.NANOSECONDS.toMicros(sumNanos.get(step) / count);
      }
    }
    return read;
  }
}
