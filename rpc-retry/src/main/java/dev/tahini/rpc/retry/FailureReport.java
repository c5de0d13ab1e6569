package dev.tahini.rpc.retry;

import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.RetryPolicy.Outcome;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Says of a call that failed after several attempts what happened. */
final class FailureReport {
  private static final int MOST_NAMED = 10;

  private FailureReport() {}

  /** The last attempt's status, with what happened in its description and its cause. */
  static Status of(RetryPolicy policy, List<Outcome> outcomes, String why, long tookNanos) {
    Status last = outcomes.get(outcomes.size() - 1).status();
    if (policy instanceof GomaRetryPolicy) {
      return why.equals(RetryEngine.LATE)
          ? GomaFailure.ofContext("context deadline exceeded", outcomes)
          : GomaFailure.of(outcomes);
    }
    String story = story(outcomes, why, tookNanos);
    RetriedException cause = new RetriedException(story, last.getCause());
    for (Outcome earlier : outcomes.subList(0, outcomes.size() - 1)) {
      cause.addSuppressed(exception(earlier));
    }
    String description = last.getDescription();
    return last.withDescription(description == null ? story : description + " (" + story + ")")
        .withCause(cause);
  }

  /** Such as "3 attempts in 1.24 s: UNAVAILABLE on 10.0.0.7:8080, ...; 3 attempts were made". */
  static String story(List<Outcome> outcomes, String why, long tookNanos) {
    int size = outcomes.size();
    String named =
        outcomes.stream()
            .skip(Math.max(0, size - MOST_NAMED))
            .map(FailureReport::line)
            .collect(Collectors.joining(", ", size > MOST_NAMED ? "..., " : "", ""));
    return "%s in %s: %s; %s"
        .formatted(size == 1 ? "1 attempt" : size + " attempts", text(tookNanos), named, why);
  }

  private static String line(Outcome outcome) {
    String code = outcome.status().getCode().name();
    return outcome.backend() == null ? code : code + " on " + outcome.backend();
  }

  private static String text(long nanos) {
    double millis = nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    return millis < 1000
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.2f s", millis / 1000);
  }

  /** Without a stack, which would be that of the library. */
  private static StatusRuntimeException exception(Outcome outcome) {
    Metadata trailers = outcome.trailers();
    StatusRuntimeException exception = outcome.status().asRuntimeException(trailers);
    exception.setStackTrace(new StackTraceElement[0]);
    return exception;
  }
}
