package dev.tahini.rpc.debug.http;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
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

  /** A count, with commas; by hand, since a page has thousands of them. */
  static String count(long count) {
    StringBuilder text = new StringBuilder(Long.toString(count));
    for (int comma = text.length() - 3; comma > 0; comma -= 3) {
      text.insert(comma, ',');
    }
    return text.toString();
  }

  /** A number that is not negative, to so many places. */
  private static String decimal(double value, int places) {
    long unit = places == 1 ? 10 : 100;
    long scaled = Math.round(value * unit);
    String fraction = Long.toString(unit + scaled % unit).substring(1);
    return count(scaled / unit) + "." + fraction;
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
    return value == Math.rint(value) ? count(Math.round(value)) : decimal(value, 1);
  }

  /** A latency; 0 is none. */
  static String latency(long nanos) {
    if (nanos <= 0) {
      return "–";
    }
    double millis = (double) nanos / NANOS_PER_MILLI;
    if (millis >= 1_000) {
      return decimal(millis / 1_000, 1) + " s";
    }
    return (millis < 10 ? decimal(millis, 2) : count(Math.round(millis))) + " ms";
  }

  static String part(@Nullable Double part) {
    return part == null ? "–" : decimal(100 * part, 1) + " %";
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
