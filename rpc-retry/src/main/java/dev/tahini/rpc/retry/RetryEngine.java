package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.CallEvents.HedgeDue;
import dev.tahini.rpc.CallEvents.RetryDecided;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.RetryPolicy.Decision;
import dev.tahini.rpc.RetryPolicy.History;
import dev.tahini.rpc.RetryPolicy.Outcome;
import dev.tahini.rpc.RetryPolicy.Retry;
import dev.tahini.rpc.RetryPolicy.Stop;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What retries around code, around futures and inside of stubs share: asks the policy, keeps to
 * deadline and budget, tells the listener, and says at the end what happened. Has no state of its
 * own; thread-safe.
 *
 * @param budget null for none
 * @param target whom the calls go to, where that is known
 */
record RetryEngine(
    RetryPolicy policy,
    @Nullable RetryBudget budget,
    TimeSource time,
    CallEvents events,
    @Nullable Target target) {

  private static final System.Logger logger = System.getLogger(RetryEngine.class.getName());

  /** Why a call ends whose policy would go on. */
  static final String LATE = "the next attempt would come after the deadline";

  /** What comes after an attempt that failed. */
  sealed interface Next {}

  /** Another one. */
  record Again(Duration delay) implements Next {}

  /** Nothing more; the call ends so. */
  record Over(Status status) implements Next {}

  /** A call begins. */
  void noteCall() {
    if (budget != null) {
      budget.noteCall();
    }
  }

  /**
   * What comes next.
   *
   * @param outcomes all that ended so far
   * @param hasMore whether there may be more attempts, whatever the policy says
   * @param remaining until the call's deadline; null without one
   * @param tookNanos since the call began
   */
  Next next(
      @Nullable MethodDescriptor<?, ?> method,
      List<Outcome> outcomes,
      boolean hasMore,
      @Nullable Duration remaining,
      long tookNanos) {
    Decision asked;
    try {
      asked = requireNonNull(policy.decide(new History(method, outcomes, remaining)), "decision");
    } catch (RuntimeException | Error e) {
      return new Over(
          Status.INTERNAL
              .withDescription("the retry policy " + policy + " failed: " + e)
              .withCause(e));
    }
    Decision decision = withinBounds(asked, hasMore, remaining);
    Outcome last = outcomes.get(outcomes.size() - 1);
    RetryDecided event =
        new RetryDecided(target, method, outcomes.size(), last, decision, budgetLeft());
    tell(() -> events.onRetry(event));
    if (decision instanceof Retry retry) {
      return new Again(retry.delay());
    }
    Stop stop = (Stop) decision;
    boolean hasPassed = remaining != null && (remaining.isNegative() || remaining.isZero());
    boolean isPlain = outcomes.size() == 1 && (decision == asked || hasPassed);
    return new Over(
        isPlain ? last.status() : FailureReport.of(policy, outcomes, stop.reason(), tookNanos));
  }

  private Decision withinBounds(Decision asked, boolean hasMore, @Nullable Duration remaining) {
    if (!(asked instanceof Retry retry)) {
      return asked;
    }
    if (!hasMore) {
      return Decision.stop("hedging allows no more attempts");
    }
    if (remaining != null && retry.delay().compareTo(remaining) >= 0) {
      return Decision.stop(LATE);
    }
    if (budget != null && !budget.tryRetry()) {
      return Decision.stop("the retry budget is used up");
    }
    return asked;
  }

  /** Whether an attempt that failed leaves hope for those that are still on their way. */
  boolean mayOthersSucceed(MethodDescriptor<?, ?> method, Outcome outcome) {
    try {
      Outcome plain = // that a server wants no more is not meant for the others
          new Outcome(
              outcome.status(),
              new Metadata(),
              outcome.backend(),
              outcome.took(),
              outcome.delayBefore());
      return policy.decide(new History(method, List.of(plain), null)) instanceof Retry;
    } catch (RuntimeException | Error e) {
      return false; // the call ends by it, and next() says so
    }
  }

  /** Whether a hedge may be made, which is then paid for. */
  boolean mayHedge(MethodDescriptor<?, ?> method, int attempt, Duration after) {
    boolean isPaid = budget == null || budget.tryRetry();
    HedgeDue event = new HedgeDue(target, method, attempt, after, isPaid, budgetLeft());
    tell(() -> events.onHedge(event));
    return isPaid;
  }

  /** What a listener throws goes no further. */
  private static void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException | Error e) {
      logger.log(Level.WARNING, "a listener of retries failed", e);
    }
  }

  private double budgetLeft() {
    return budget == null ? Double.POSITIVE_INFINITY : budget.balance();
  }
}
