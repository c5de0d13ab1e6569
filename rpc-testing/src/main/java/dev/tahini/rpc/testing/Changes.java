package dev.tahini.rpc.testing;

import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Where a test waits for what other threads bring about, in the system's time and not for long.
 * Whoever changes what is waited for says so. Thread-safe; no lock is held while a condition is
 * asked, which may ask a discovery of the user's.
 */
final class Changes {
  /** More than the 10 s that a gRPC server gives a client to answer its goodbye. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A state that is read live may change a moment after the event that tells it. */
  private static final long LONGEST_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long changes;

  /** Something has changed: those who wait look again. */
  void signal() {
    lock.lock();
    try {
      changes++;
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
    Deadline patience = Deadline.after(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    long seen = changes();
    while (!condition.getAsBoolean()) {
      if (patience.isExpired()) {
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s for " + what.get());
      }
      try {
        seen = awaitOther(seen);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + what.get(), e);
      }
    }
  }

  private long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a change since a count was taken, or for a slice of time; returns the new count. */
  private long awaitOther(long seen) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long leftNanos = LONGEST_SLICE_NANOS;
      while (changes == seen && leftNanos > 0) {
        leftNanos = changed.awaitNanos(leftNanos);
      }
      return changes;
    } finally {
      lock.unlock();
    }
  }
}
