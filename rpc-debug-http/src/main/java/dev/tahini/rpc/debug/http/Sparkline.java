package dev.tahini.rpc.debug.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

/** The last five minutes as a path of an SVG, 60 wide and 12 high. */
final class Sparkline {
  private static final int HEIGHT = 12;

  private Sparkline() {}

  static String ended(CallSeries.Steps steps) {
    return path(step -> steps.ended()[step], Arrays.stream(steps.ended()).max().orElse(0));
  }

  /** In the same scale as those that ended; empty if none failed. */
  static String failed(CallSeries.Steps steps) {
    if (Arrays.stream(steps.failed()).allMatch(failed -> failed == 0)) {
      return "";
    }
    return path(step -> steps.failed()[step], Arrays.stream(steps.ended()).max().orElse(0));
  }

  static String latency(CallSeries.Steps steps) {
    return path(
        step -> steps.meanMicros()[step], Arrays.stream(steps.meanMicros()).max().orElse(0));
  }

  static String callsInWords(CallSeries.Steps steps) {
    int seconds = CallSeries.STEPS * CallSeries.STEP_SECONDS;
    return String.format(
        Locale.ROOT,
        "%d ended, %d failed in %d s",
        Arrays.stream(steps.ended()).asLongStream().sum(),
        Arrays.stream(steps.failed()).asLongStream().sum(),
        seconds);
  }

  static String latencyInWords(CallSeries.Steps steps) {
    long most = Arrays.stream(steps.meanMicros()).max().orElse(0);
    return most == 0
        ? "no attempt ended"
        : "at most " + Words.latency(TimeUnit.MICROSECONDS.toNanos(most)) + " in the mean";
  }

  /** A line over what is not zero; steps without anything lie on the ground. */
  private static String path(IntToLongFunction values, long most) {
    if (most == 0) {
      return "";
    }
    StringBuilder path = new StringBuilder();
    for (int step = 0; step < CallSeries.STEPS; step++) {
      long up = Math.round((double) HEIGHT * values.applyAsLong(step) / most);
      path.append(step == 0 ? 'M' : 'L').append(step).append(' ').append(HEIGHT - up);
    }
    return path.toString();
  }
}
