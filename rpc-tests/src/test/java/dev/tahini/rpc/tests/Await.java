package dev.tahini.rpc.tests;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread brings about, as long as {@link #PATIENCE} at most. */
final class Await {
  static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private Await() {}

  static void until(BooleanSupplier condition) {
    until("the condition to hold", condition);
  }

  static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  static void until(Supplier<String> what, BooleanSupplier condition) {
    until(PATIENCE, what, condition);
  }

  static void until(Duration patience, Supplier<String> what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        throw new AssertionError("waited " + patience.toSeconds() + " s for " + what.get());
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }
}
