package dev.tahini.rpc.retry;

import dev.tahini.rpc.RetryPolicy.Outcome;
import dev.tahini.rpc.retry.RetryEngine.Next;
import dev.tahini.rpc.retry.RetryEngine.Over;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One use of a {@link Retry}: what its attempts came to. Not thread-safe: they follow each other.
 */
final class RetriedCode {
  private final RetryEngine engine;
  private final @Nullable Duration attemptTimeout;
  private final Context base = Context.current();
  private final long startNanos;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private OuterAttempt attempt = new OuterAttempt();
  private Duration delayBefore = Duration.ZERO;
  private long attemptNanos;

  RetriedCode(RetryEngine engine, @Nullable Duration attemptTimeout) {
    this.engine = engine;
    this.attemptTimeout = attemptTimeout;
    this.startNanos = now();
    engine.noteCall();
  }

  private long now() {
    return engine.time().ticker().nanoTime();
  }

  Context base() {
    return base;
  }

  /** What an attempt runs in; it is cancelled at the attempt's end. */
  Context.CancellableContext begin() {
    attemptNanos = now();
    Context marked = base.withValue(OuterAttempt.KEY, attempt);
    if (attemptTimeout == null) {
      return marked.withCancellation();
    }
    Deadline deadline =
        AttemptDeadline.of(attemptTimeout, base.getDeadline(), engine.time().ticker());
    return marked.withDeadline(deadline, engine.time().scheduler());
  }

  /** The attempt failed: what comes next. */
  Next failed(Throwable failure) {
    outcomes.add(
        new Outcome(
            status(failure),
            trailers(failure),
            attempt.lastFailed(),
            Duration.ofNanos(now() - attemptNanos),
            delayBefore));
    failures.add(failure);
    attempt = attempt.next();
    if (base.isCancelled()) {
      return new Over(ofContext(Contexts.statusFromCancelled(base)));
    }
    Duration left = AttemptDeadline.left(base.getDeadline());
    Next next = engine.next(null, outcomes, true, left, now() - startNanos);
    if (next instanceof RetryEngine.Again again) {
      delayBefore = again.delay();
    }
    return next;
  }

  /** The context was cancelled, in an attempt or between two. */
  Status ofContext(Status cancelled) {
    if (engine.policy() instanceof GomaRetryPolicy) {
      return GomaFailure.ofContext("context canceled", outcomes);
    }
    if (outcomes.isEmpty()) {
      return cancelled;
    }
    String why = cancelled.getDescription() == null ? "" : cancelled.getDescription() + "; ";
    return cancelled.withDescription(
        why + FailureReport.story(outcomes, "the context was cancelled", now() - startNanos));
  }

  /**
   * What the user gets: the last exception itself where nothing is to be added, or it knows of no
   * status; else its status, with what happened. All others are among the suppressed ones.
   */
  RuntimeException exception(Status end) {
    if (failures.isEmpty()) {
      return end.asRuntimeException();
    }
    Throwable last = failures.get(failures.size() - 1);
    if (last instanceof RuntimeException own && saysItAll(own, end)) {
      suppress(own);
      return own;
    }
    StatusRuntimeException made = end.withCause(last).asRuntimeException(trailers(last));
    suppress(made);
    return made;
  }

  @SuppressWarnings("ReferenceEquality") // whether it is the attempt's own
  private boolean saysItAll(RuntimeException last, Status end) {
    Status own = outcomes.get(outcomes.size() - 1).status();
    boolean isUsers = end.getCode() == own.getCode() && !hasStatus(last);
    return end == own || (isUsers && !(engine.policy() instanceof GomaRetryPolicy));
  }

  private static boolean hasStatus(Throwable failure) {
    return failure instanceof StatusRuntimeException
        || failure instanceof StatusException
        || status(failure).getCode() != Status.Code.UNKNOWN
        || Status.trailersFromThrowable(failure) != null;
  }

  private void suppress(RuntimeException thrown) {
    for (Throwable earlier : failures.subList(0, failures.size() - 1)) {
      if (earlier != thrown) {
        thrown.addSuppressed(earlier);
      }
    }
  }

  private static Metadata trailers(Throwable failure) {
    Metadata trailers = Status.trailersFromThrowable(failure);
    return trailers == null ? new Metadata() : trailers;
  }

  /** With the exception for a cause, which may say that it is retriable. */
  static Status status(Throwable failure) {
    if (failure instanceof TimeoutException) {
      return Status.DEADLINE_EXCEEDED.withDescription(failure.getMessage()).withCause(failure);
    }
    if (failure instanceof CancellationException || failure instanceof InterruptedException) {
      return Status.CANCELLED.withDescription(failure.getMessage()).withCause(failure);
    }
    return Status.fromThrowable(failure).withCause(failure);
  }
}
