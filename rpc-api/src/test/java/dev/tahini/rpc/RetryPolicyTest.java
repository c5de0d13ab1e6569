package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.RetryPolicy.Decision;
import dev.tahini.rpc.RetryPolicy.History;
import dev.tahini.rpc.RetryPolicy.Outcome;
import dev.tahini.rpc.RetryPolicy.Retry;
import dev.tahini.rpc.RetryPolicy.Stop;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The SPI, proven with the plainest policy that is of use. */
class RetryPolicyTest {
  private static final Duration TEN_MILLIS = Duration.ofMillis(10);

  /** Retry UNAVAILABLE twice, 10 ms each. */
  private static final RetryPolicy TWICE =
      history -> {
        if (history.last().status().getCode() != Status.Code.UNAVAILABLE) {
          return Decision.stop("not retriable");
        }
        return history.attempts() <= 2
            ? Decision.retryAfter(TEN_MILLIS)
            : Decision.stop("tried " + history.attempts() + " times");
      };

  @Test
  void unavailableIsTriedThreeTimesInAll() {
    List<Outcome> outcomes = run(Status.UNAVAILABLE, Status.UNAVAILABLE, Status.UNAVAILABLE);

    assertEquals(3, outcomes.size());
    assertEquals(new Stop("tried 3 times"), TWICE.decide(new History(null, outcomes, null)));
  }

  @Test
  void eachRetryWaitsItsDelay() {
    List<Outcome> outcomes = run(Status.UNAVAILABLE, Status.UNAVAILABLE, Status.UNAVAILABLE);

    assertEquals(
        List.of(Duration.ZERO, TEN_MILLIS, TEN_MILLIS),
        outcomes.stream().map(Outcome::delayBefore).toList());
  }

  @Test
  void otherErrorIsNotRetried() {
    assertEquals(1, run(Status.INVALID_ARGUMENT, Status.OK).size());
  }

  @Test
  void otherErrorEndsTheRetries() {
    assertEquals(2, run(Status.UNAVAILABLE, Status.ABORTED, Status.OK).size());
  }

  @Test
  void successEndsTheRetries() {
    assertEquals(2, run(Status.UNAVAILABLE, Status.OK, Status.OK).size());
  }

  /** What an interceptor does around a call, without its clock: each status is one attempt's. */
  private static List<Outcome> run(Status... statuses) {
    List<Outcome> outcomes = new ArrayList<>();
    Duration delay = Duration.ZERO;
    for (Status status : statuses) {
      outcomes.add(new Outcome(status, new Metadata(), "10.0.0.1:80", Duration.ofMillis(1), delay));
      if (status.isOk()) {
        break;
      }
      Decision decision = TWICE.decide(new History(null, outcomes, null));
      if (decision instanceof Retry retry) {
        delay = retry.delay();
      } else {
        break;
      }
    }
    return outcomes;
  }

  @Test
  void lastOutcomeIsTheNewest() {
    Outcome first = outcome(Status.UNAVAILABLE);
    Outcome second = outcome(Status.ABORTED);

    assertSame(second, new History(null, List.of(first, second), null).last());
  }

  @Test
  void historyIsNotChangedByLaterAttempts() {
    List<Outcome> outcomes = new ArrayList<>(List.of(outcome(Status.UNAVAILABLE)));
    History history = new History(null, outcomes, null);

    outcomes.add(outcome(Status.ABORTED));

    assertEquals(1, history.attempts());
  }

  @Test
  void historyWithoutAttemptIsRefused() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> new History(null, List.of(), null));

    assertEquals("outcomes: [] (expected: at least one attempt)", e.getMessage());
  }

  @Test
  void negativeDelayIsRefused() {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> Decision.retryAfter(Duration.ofMillis(-1)));

    assertEquals("delay: PT-0.001S (expected: zero or more)", e.getMessage());
  }

  @Test
  void noDelayIsADelay() {
    assertEquals(new Retry(Duration.ZERO), Decision.retryAfter(Duration.ZERO));
  }

  private static Outcome outcome(Status status) {
    return new Outcome(status, new Metadata(), null, Duration.ZERO, Duration.ZERO);
  }
}
