package dev.tahini.rpc.benchmarks.fleet;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for events and for time to pass, in real time. */
public final class Waiting {
  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Waiting() {}

  /** Lets time pass. */
  public static void pass(long nanos) {
    new CompletableFuture<Boolean>().completeOnTimeout(true, nanos, TimeUnit.NANOSECONDS).join();
  }

  /** What a future completes with; empty if it does not within that time. */
  public static <T> Optional<T> of(CompletableFuture<T> event, int seconds) {
    return event
        .thenApply(Optional::of)
        .completeOnTimeout(Optional.empty(), seconds, TimeUnit.SECONDS)
        .join();
  }

  /** Looks again and again whether something is so; false if it is not within that time. */
  public static boolean until(BooleanSupplier isSo, int seconds) {
    long start = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(seconds)) {
        return false;
      }
      pass(BETWEEN_LOOKS_NANOS);
    }
    return true;
  }
}
