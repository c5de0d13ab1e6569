package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.RetryPolicy.Decision;
import dev.tahini.rpc.RetryPolicy.History;
import dev.tahini.rpc.RetryPolicy.Outcome;
import dev.tahini.rpc.RetryPolicy.Retry;
import dev.tahini.rpc.RetryPolicy.Stop;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class StandardRetryPolicyTest {
  private static final StandardRetryPolicy EXACT =
      StandardRetryPolicy.defaults().withBackoff(Backoff.defaults().withJitter(0));
  private static final List<Status> RETRIED =
      List.of(
          Status.UNAVAILABLE,
          Status.RESOURCE_EXHAUSTED,
          Status.DEADLINE_EXCEEDED,
          Status.UNKNOWN.withCause(new RetriableException("again", null)));

  /** Whatever a call meets, and whatever servers ask for. */
  @Property
  void attemptsNeverExceedTheMaximum(
      @ForAll @IntRange(min = 1, max = 12) int max,
      @ForAll @Size(min = 12, max = 12) List<@IntRange(max = 15) Integer> kinds) {
    RetryPolicy policy = EXACT.withMaxAttempts(max);
    List<Outcome> outcomes = new ArrayList<>();
    for (int kind : kinds) {
      Metadata trailers = kind / 4 == 1 ? Outcomes.pushback("1") : new Metadata();
      outcomes.add(Outcomes.of(RETRIED.get(kind % 4), trailers));
      if (policy.decide(Outcomes.history(outcomes)) instanceof Stop) {
        break;
      }
    }

    assertTrue(outcomes.size() <= max, outcomes.size() + " attempts");
  }

  @Property
  void serversDelayIsAFloorForTheNextDelayOnly(
      @ForAll @IntRange(max = 600_000) int millis, @ForAll boolean isPushback) {
    Duration wish = Duration.ofMillis(millis);
    Metadata trailers =
        isPushback ? Outcomes.pushback(String.valueOf(millis)) : Outcomes.retryInfo(wish);
    Outcome asked = Outcomes.of(Status.UNAVAILABLE, trailers);
    Duration own = Duration.ofMillis(10);

    assertEquals(
        wish.compareTo(own) > 0 ? wish : own, delay(EXACT, Outcomes.history(List.of(asked))));
    assertEquals(
        Duration.ofMillis(16),
        delay(EXACT, Outcomes.history(List.of(asked, Outcomes.of(Status.UNAVAILABLE)))));
  }

  @Example
  void negativePushbackStops() {
    Outcome asked = Outcomes.of(Status.UNAVAILABLE, Outcomes.pushback("-1"));

    assertStops(EXACT, Outcomes.history(List.of(asked)));
  }

  @Example
  void fullServerIsLeftAloneForLonger() {
    Status full = Status.RESOURCE_EXHAUSTED;

    assertEquals(Duration.ofSeconds(1), delay(EXACT, Outcomes.history(full)));
    assertEquals(Duration.ofSeconds(2), delay(EXACT, Outcomes.history(full, full)));
    assertEquals(Duration.ofSeconds(1), delay(EXACT, Outcomes.history(Status.UNAVAILABLE, full)));
    assertEquals(Duration.ofMillis(10), delay(EXACT, Outcomes.history(full, Status.UNAVAILABLE)));
    assertStops(EXACT.withMaxAttempts(100), Outcomes.history(full, full, full, full, full));
    assertStops(EXACT.withMaxAttempts(2), Outcomes.history(full, full));
  }

  @Example
  void retriableExceptionIsHeardAlsoAsACause() {
    RetriableException hint = new RetriableException(null, 3, Duration.ofSeconds(7), 3);
    Status status = Status.INTERNAL.withCause(new IllegalStateException(hint));

    assertEquals(Duration.ofSeconds(7), delay(EXACT, Outcomes.history(status)));
    assertEquals(Duration.ofMillis(30), delay(EXACT, Outcomes.history(status, Status.UNAVAILABLE)));
    assertStops(EXACT, Outcomes.history(status, status, status));
  }

  @Example
  void causesInACircleAreNoEnd() {
    IllegalStateException one = new IllegalStateException();
    one.initCause(new IllegalArgumentException(one));

    assertStops(EXACT, Outcomes.history(Status.INTERNAL.withCause(one)));
  }

  @Example
  void idempotentMethodsAreTriedAgainOnDemand() {
    StandardRetryPolicy more = EXACT.retryingIdempotentMethods();
    for (Status status : List.of(Status.UNKNOWN, Status.ABORTED)) {
      assertStops(EXACT, of(TestMethod.IDEMPOTENT, status));
      assertStops(more, of(TestMethod.UNARY, status));
      assertStops(more, of(null, status));
      delay(more, of(TestMethod.IDEMPOTENT, status));
    }
    assertStops(more, of(TestMethod.IDEMPOTENT, Status.INTERNAL));
  }

  @Example
  void codesCanBeChosen() {
    StandardRetryPolicy aborted = EXACT.withCodes(Status.Code.ABORTED);

    delay(aborted, Outcomes.history(Status.ABORTED));
    assertStops(aborted, Outcomes.history(Status.UNAVAILABLE));
  }

  @Example
  void badOptionsAreNamed() {
    assertEquals(
        "maxAttempts: 0 (expected: 1 or more)",
        assertThrows(InvalidValueException.class, () -> EXACT.withMaxAttempts(0)).getMessage());
    assertEquals(
        "codes: OK (expected: a failure that the caller did not ask for)",
        assertThrows(InvalidValueException.class, () -> EXACT.withCodes(Status.Code.OK))
            .getMessage());
  }

  private static History of(@Nullable MethodDescriptor<?, ?> method, Status status) {
    return new History(method, List.of(Outcomes.of(status)), null);
  }

  private static Duration delay(RetryPolicy policy, History history) {
    Decision decision = policy.decide(history);
    return assertInstanceOf(Retry.class, decision).delay();
  }

  private static void assertStops(RetryPolicy policy, History history) {
    assertInstanceOf(Stop.class, policy.decide(history));
  }
}
