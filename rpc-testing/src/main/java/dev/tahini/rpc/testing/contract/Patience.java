package dev.tahini.rpc.testing.contract;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/**
 * How long a contract waits for what other threads bring about, in the system's time; what lets the
 * implementation's own time pass is run again and again meanwhile, on the thread that waits.
 * Thread-safe.
 */
final class Patience {
  /** No machine that runs tests is busier than that. */
  private static final Duration PROMPT = Duration.ofSeconds(1);

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Duration atMost;
  private final Runnable letTimePass;

  /** How many there were; counted under the lock. */
  private final AtomicLong changes = new AtomicLong();

  Patience(Duration atMost, Runnable letTimePass) {
    this.atMost = atMost;
    this.letTimePass = letTimePass;
  }

  /** Something has changed: whoever waits looks again. */
  void signal() {
    lock.lock();
    try {
      changes.incrementAndGet();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a condition holds, or fails saying what was waited for. */
  void await(Supplier<String> what, BooleanSupplier condition) {
    if (!holdsWithin(atMost, letTimePass, condition)) {
      Assertions.fail("waited " + atMost.toMillis() + " ms in vain: " + what.get());
    }
  }

  /** Waits a moment for what may well never come. */
  boolean awaitBriefly(BooleanSupplier condition) {
    return holdsWithin(atMost.dividedBy(50), letTimePass, condition);
  }

  /** Waits for what must not need any time of the implementation's own. */
  boolean awaitPromptly(BooleanSupplier condition) {
    Duration third = atMost.dividedBy(3);
    return holdsWithin(third.compareTo(PROMPT) > 0 ? third : PROMPT, () -> {}, condition);
  }

  /** Waits inside a callback, where nothing else may be run. */
  boolean awaitAtMost(Duration limit, BooleanSupplier condition) {
    return holdsWithin(limit, () -> {}, condition);
  }

  private boolean holdsWithin(Duration limit, Runnable betweenLooks, BooleanSupplier condition) {
    long leftNanos = limit.toNanos();
    long seen = changes.get();
    while (!condition.getAsBoolean()) { // without the lock: it asks what is not ours
      if (leftNanos <= 0) {
        return false;
      }
      betweenLooks.run();
      leftNanos -= waitForChangeSince(seen, Math.min(leftNanos, SLICE_NANOS));
      seen = changes.get();
    }
    return true;
  }

  /** How long was waited. */
  private long waitForChangeSince(long seen, long nanos) {
    long leftNanos = nanos;
    lock.lock();
    try {
      while (leftNanos > 0 && changes.get() == seen) {
        leftNanos = changed.awaitNanos(leftNanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Assertions.fail("interrupted while waiting", e);
    } finally {
      lock.unlock();
    }
    return nanos - Math.max(leftNanos, 0);
  }
}
