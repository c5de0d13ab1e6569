package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a failed call is tried again, and when. An SPI, and a pure function but for the
 * random numbers of its jitter: it waits for nothing and changes nothing, so that one instance
 * serves all calls. Thread-safe.
 *
 * <p>Whoever asks it holds the clock, makes the attempts, and never waits past the call's deadline.
 */
@FunctionalInterface
public interface RetryPolicy {

  /**
   * Decides after an attempt has failed.
   *
   * @param history all attempts of the call so far
   * @return stop, or go again after a delay
   */
  Decision decide(History history);

  /**
   * What became of one attempt.
   *
   * @param status how it ended
   * @param trailers what the server sent with the status: {@code grpc-retry-pushback-ms}, {@code
   *     google.rpc.RetryInfo}; empty if nothing came
   * @param backend the address it went to, or null if it reached none
   * @param took from its start to its end
   * @param delayBefore how long was waited before it; zero for the first
   */
  record Outcome(
      Status status,
      Metadata trailers,
      @Nullable String backend,
      Duration took,
      Duration delayBefore) {

    /** Checks that the parts are there. */
    public Outcome {
      requireNonNull(status, "status");
      requireNonNull(trailers, "trailers");
      requireNonNull(took, "took");
      requireNonNull(delayBefore, "delayBefore");
    }
  }

  /**
   * A call so far.
   *
   * @param method what is called, or null where a policy wraps several calls
   * @param outcomes of each attempt, oldest first; at least one
   * @param remaining what is left until the call's deadline, or null without one
   */
  record History(
      @Nullable MethodDescriptor<?, ?> method,
      List<Outcome> outcomes,
      @Nullable Duration remaining) {

    /**
     * Copies the outcomes.
     *
     * @throws InvalidValueException if there is none
     */
    public History {
      outcomes = List.copyOf(outcomes);
      if (outcomes.isEmpty()) {
        throw new InvalidValueException("outcomes", outcomes, "at least one attempt");
      }
    }

    /**
     * How many attempts were made.
     *
     * @return 1 or more
     */
    public int attempts() {
      return outcomes.size();
    }

    /**
     * The attempt that has just failed.
     *
     * @return the newest of {@link #outcomes()}
     */
    public Outcome last() {
      return outcomes.get(outcomes.size() - 1);
    }
  }

  /** What is done next. */
  sealed interface Decision {

    /**
     * The call fails with the last attempt's status.
     *
     * @param reason why, in a few words for logs and pages, such as {@code "not retriable"}
     * @return the decision
     */
    static Decision stop(String reason) {
      return new Stop(reason);
    }

    /**
     * Another attempt is made.
     *
     * @param delay how long to wait first; zero or more
     * @return the decision
     * @throws InvalidValueException if the delay is negative
     */
    static Decision retryAfter(Duration delay) {
      return new Retry(delay);
    }
  }

  /**
   * {@link Decision#stop}.
   *
   * @param reason why
   */
  record Stop(String reason) implements Decision {

    /** Checks that there is a reason. */
    public Stop {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * {@link Decision#retryAfter}.
   *
   * @param delay how long to wait first
   */
  record Retry(Duration delay) implements Decision {

    /**
     * Checks the delay.
     *
     * @throws InvalidValueException if it is negative
     */
    public Retry {
      if (delay.isNegative()) {
        throw new InvalidValueException("delay", delay, "zero or more");
      }
    }
  }
}
