package dev.tahini.rpc.tests;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread brings about, as long as {@link #PATIENCE} at most. */
public final class Await {
  public static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private Await() {}

  public static void until(BooleanSupplier condition) {
    until("the condition to hold", condition);
  }

  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  public static void until(Supplier<String> what, BooleanSupplier condition) {
    until(PATIENCE, what, condition);
  }

  public static void until(Duration patience, Supplier<String> what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        throw new AssertionError("waited " + patience.toSeconds() + " s for " + what.get());
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }
}
