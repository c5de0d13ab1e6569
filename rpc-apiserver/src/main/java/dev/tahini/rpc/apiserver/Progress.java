package dev.tahini.rpc.apiserver;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Lets others wait until what they ask for is so. Thread-safe; conditions run without a lock of
 * this.
 */
final class Progress {
  private static final long BOUND_NANOS = Duration.ofSeconds(10).toNanos();

  private long changes;

  /** Something may be different now. */
  synchronized void changed() {
    changes++;
    notifyAll();
  }

  void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + BOUND_NANOS;
    try {
      while (true) {
        long seen = changes();
        if (condition.getAsBoolean()) {
          return;
        }
        if (!awaitChangeAfter(seen, end)) {
          throw new IllegalStateException(what + ": not so (expected: within 10 s)");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what + ": not so (expected: no interrupt)", e);
    }
  }

  private synchronized long changes() {
    return changes;
  }

  private synchronized boolean awaitChangeAfter(long seen, long end) throws InterruptedException {
    while (changes == seen) {
      long leftMillis = (end - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }
}
