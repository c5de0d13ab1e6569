package dev.tahini.rpc.retry;

import dev.tahini.rpc.RetryPolicy.Outcome;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The errors of the Go package: the last one's code, and the texts of all. */
final class GomaFailure {
  private GomaFailure() {}

  static Status of(List<Outcome> outcomes) {
    int last = outcomes.size() - 1;
    Status status = outcomes.get(last).status();
    if (last == 0) {
      return status;
    }
    return isFromRpc(status)
        ? status.withDescription(words(status) + " :" + texts(outcomes.subList(0, last)))
        : Status.UNKNOWN.withDescription(texts(outcomes)).withCause(status.getCause());
  }

  /** Where the context is cancelled, or its deadline comes first. */
  static Status ofContext(String why, List<Outcome> outcomes) {
    return Status.DEADLINE_EXCEEDED.withDescription(why + ": " + texts(outcomes));
  }

  private static String texts(List<Outcome> outcomes) {
    return outcomes.stream()
        .map(outcome -> text(outcome.status()))
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private static String text(Status status) {
    return isFromRpc(status)
        ? "rpc error: code = " + status.getCode() + " desc = " + words(status)
        : words(status);
  }

  /** Not what {@link Status#fromThrowable} makes of any other exception. */
  private static boolean isFromRpc(Status status) {
    return status.getCode() != Code.UNKNOWN
        || status.getDescription() != null
        || status.getCause() == null;
  }

  private static String words(Status status) {
    return status.getDescription() == null ? words(status.getCause()) : status.getDescription();
  }

  private static String words(@Nullable Throwable cause) {
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }
}
