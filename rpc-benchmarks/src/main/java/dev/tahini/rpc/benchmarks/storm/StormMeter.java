package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.TimeSource;
import io.grpc.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Counts calls, those of them that succeed, and attempts, by the tenth of a second in which they
 * started. Confined to the simulation's thread.
 */
final class StormMeter {
  private static final long SLOT_NANOS = Duration.ofMillis(100).toNanos();
  private static final int SLOTS_OF_SECOND = 10;
  private static final double BACK = 0.999;

  private final long[] calls;
  private final long[] succeeded;
  private final long[] attempts;
  private TimeSource time = TimeSource.system();

  /**
   * Nothing counted so far.
   *
   * @param length of the run; what starts later is not counted
   */
  StormMeter(Duration length) {
    int slots = slot(length);
    calls = new long[slots];
    succeeded = new long[slots];
    attempts = new long[slots];
  }

  private static int slot(Duration at) {
    return Math.toIntExact(at.toNanos() / SLOT_NANOS);
  }

  /** Which time counts: the simulation's, which is the same for all of its clients. */
  void runsIn(TimeSource simulated) {
    time = simulated;
  }

  private int slotNow() {
    return slot(Duration.ofNanos(time.ticker().nanoTime()));
  }

  /** A call starts; who hears its end. */
  Consumer<Status> callStarted() {
    int slot = slotNow();
    if (slot >= calls.length) {
      return status -> {};
    }
    calls[slot]++;
    return status -> succeeded[slot] += status.isOk() ? 1 : 0;
  }

  /** An attempt starts, whether or not there is a backend for it. */
  Consumer<Status> attemptStarted() {
    int slot = slotNow();
    if (slot < attempts.length) {
      attempts[slot]++;
    }
    return status -> {};
  }

  long calls() {
    return Arrays.stream(calls).sum();
  }

  long attempts() {
    return Arrays.stream(attempts).sum();
  }

  /** Calls that did not succeed, also those that never ended. */
  long failed() {
    return calls() - Arrays.stream(succeeded).sum();
  }

  /**
   * The most attempts for each call, of all windows of a length.
   *
   * @param window no longer than the run
   */
  double mostAttemptsPerCall(Duration window) {
    int slots = slot(window);
    return IntStream.rangeClosed(0, calls.length - slots)
        .mapToDouble(from -> ratio(attempts, calls, from, slots))
        .max()
        .orElse(1);
  }

  /**
   * How long it takes until 99.9 % of the calls of each second succeed that starts then or later.
   *
   * @param back when the backends return
   * @return seconds; empty if it does not come to that within the run
   */
  OptionalDouble secondsUntilWell(Duration back) {
    int last = calls.length - SLOTS_OF_SECOND;
    OptionalInt ill =
        IntStream.rangeClosed(slot(back), last)
            .filter(from -> ratio(succeeded, calls, from, SLOTS_OF_SECOND) < BACK)
            .max();
    int well = ill.isEmpty() ? slot(back) : ill.getAsInt() + 1;
    return well > last
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) (well - slot(back)) / SLOTS_OF_SECOND);
  }

  private static double ratio(long[] some, long[] others, int from, int slots) {
    double sum = Arrays.stream(some, from, from + slots).sum();
    return sum / Arrays.stream(others, from, from + slots).sum();
  }
}
