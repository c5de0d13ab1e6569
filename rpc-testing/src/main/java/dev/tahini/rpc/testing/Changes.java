package dev.tahini.rpc.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Where a test waits for what other threads bring about, in the system's time and not for long.
 * Whoever changes what is waited for says so. Thread-safe.
 */
final class Changes {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Something has changed: those who wait look again. */
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until a condition holds.
   *
   * @param what says what is waited for, and how it stands when that is in vain
   * @param condition reads what is changed; each change is followed by {@link #signal}
   * @throws AssertionError if it does not hold within {@link #PATIENCE}
   */
  void await(Supplier<String> what, BooleanSupplier condition) {
    long leftNanos = PATIENCE.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (leftNanos <= 0) {
          throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what.get());
        }
        // In slices: a state that is read live may change a moment after the event that tells it.
        long slice = Math.min(leftNanos, SLICE_NANOS);
        leftNanos -= slice - changed.awaitNanos(slice);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what.get(), e);
    } finally {
      lock.unlock();
    }
  }
}
