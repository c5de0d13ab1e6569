package dev.tahini.rpc.debug.http;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as a person reads them. */
final class Words {
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private Words() {}

  /** A status with its text. */
  static String of(Status status) {
    return status.getDescription() == null
        ? status.getCode().name()
        : status.getCode() + ": " + status.getDescription();
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** How many failed, and of what. */
  static String failed(Report.Backend backend) {
    long all = backend.failures();
    return all == 0
        ? "0"
        : backend.failed().entrySet().stream()
            .map(code -> count(code.getValue()) + " " + code.getKey())
            .collect(Collectors.joining(", ", count(all) + ": ", ""));
  }

  /** A feature's number, to one place. */
  static String figure(double value) {
    if (Double.isInfinite(value)) {
      return "unlimited";
    }
    return value == Math.rint(value)
        ? count(Math.round(value))
        : String.format(Locale.ROOT, "%,.1f", value);
  }

  /** A latency; 0 is none. */
  static String latency(long nanos) {
    if (nanos <= 0) {
      return "–";
    }
    double millis = (double) nanos / NANOS_PER_MILLI;
    if (millis >= 1_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000);
    }
    return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
  }

  static String part(@Nullable Double part) {
    return part == null ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * part);
  }

  /** How long between two points in time, in its largest unit. */
  static String between(Instant from, Instant to) {
    Duration age = Duration.between(from, to);
    if (age.toDays() > 0) {
      return age.toDays() + " d";
    }
    if (age.toHours() > 0) {
      return age.toHours() + " h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
  }

  /** A state as it stands on the page. */
  static String state(ConnectivityState state) {
    return switch (state) {
      case READY -> "ready";
      case CONNECTING -> "connecting";
      case IDLE -> "idle";
      case TRANSIENT_FAILURE -> "failing";
      case SHUTDOWN -> "gone";
    };
  }
}
