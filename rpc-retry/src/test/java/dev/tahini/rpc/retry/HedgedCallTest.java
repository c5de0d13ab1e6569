package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.AttemptFate;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class HedgedCallTest {
  private static final Duration LATE = Duration.ofMillis(50);
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final RetryProbe probe = new RetryProbe().with(Hedging.after(LATE, 3));

  private static Metadata pushback(String value) {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, value);
    return trailers;
  }

  @Test
  void idempotentAndSafeMethodsAreHedgedAndNoOthers() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.ask(TestMethod.SAFE, new Caller());
    probe.ask(TestMethod.UNARY, new Caller());
    probe.pass(LATE);

    assertEquals(5, probe.made());
  }

  @Test
  void hedgeIsTheSameRequestAfterTheDelay() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE.minusMillis(1));
    assertEquals(1, probe.made());
    probe.pass(Duration.ofMillis(1));

    assertEquals(2, probe.made());
    assertEquals(probe.attempt(0).done, probe.attempt(1).done);
  }

  @Test
  void firstAnswerWinsAndLosersAreCancelled() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE.multipliedBy(2));
    probe.attempt(1).answer();

    assertTrue(probe.attempt(0).isCancelled());
    assertFalse(probe.attempt(1).isCancelled());
    assertTrue(probe.attempt(2).isCancelled());
    probe.attempt(0).answer();
    probe.attempt(0).fail(Code.CANCELLED);
    probe.attempt(1).message("hi");
    probe.attempt(1).fail(Code.OK);
    probe.attempt(2).fail(Code.OK);
    assertEquals(List.of("headers", "message hi", "close OK"), probe.caller.heard);
  }

  @Test
  void winnersFailureIsTheCalls() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    probe.attempt(1).answer();
    probe.attempt(1).fail(Code.UNAVAILABLE);

    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void noMoreThanTheMostAttemptsAreMade() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE.multipliedBy(20));
    assertEquals(3, probe.made());
    for (int i = 0; i < 3; i++) {
      probe.attempt(i).fail(Code.UNAVAILABLE);
      probe.pass(LATE);
    }

    assertEquals(3, probe.made());
    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
  }

  @Test
  void failedAttemptBringsTheNextHedgeForward() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(Duration.ZERO);

    assertEquals(3, probe.made());
    assertEquals(List.of(), probe.caller.heard);
  }

  @Test
  void serversDelayHoldsForTheNextHedge() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    probe.attempt(0).end(Status.UNAVAILABLE, pushback("700"));

    assertEquals(List.of(Duration.ofMillis(700)), probe.timers());
  }

  @Test
  void serverThatWantsNoMoreStopsHedgesButNotThoseOnTheirWay() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    probe.attempt(0).end(Status.UNAVAILABLE, pushback("-1"));
    probe.pass(LATE.multipliedBy(10));
    assertEquals(2, probe.made());
    assertEquals(List.of(), probe.caller.ends);
    probe.attempt(1).fail(Code.UNAVAILABLE);

    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
  }

  @Test
  void failureThatIsNotRetriedEndsTheCall() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    probe.attempt(1).fail(Code.NOT_FOUND);

    assertEquals(Code.NOT_FOUND, probe.caller.end().getCode());
    assertTrue(probe.attempt(0).isCancelled());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void onlyAttemptThatFailsIsRetriedAfterTheDelayAndThenHedged() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.attempt(0).fail(Code.UNAVAILABLE);
    assertEquals(List.of(RetryProbe.DELAY), probe.timers());
    probe.pass(RetryProbe.DELAY);
    assertEquals(List.of(LATE), probe.timers());
    probe.pass(LATE);

    assertEquals(3, probe.made());
  }

  @Test
  void hedgeThatTheBudgetDoesNotPayForIsNotMade() {
    probe.budget = RetryBudget.of(0, 0, probe.time);
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE.multipliedBy(10));
    assertEquals(1, probe.made());
    assertEquals(1, probe.hedges.size());
    assertFalse(probe.hedges.get(0).isMade());
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
  }

  @Test
  void eventsTellOfHedges() {
    probe.budget = RetryBudget.of(0, 1, probe.time);
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);

    assertTrue(probe.hedges.get(0).isMade());
    assertEquals(2, probe.hedges.get(0).attempt());
    assertEquals(LATE, probe.hedges.get(0).after());
    assertEquals(9, probe.hedges.get(0).budget());
  }

  @Test
  void cancelReachesAllAttempts() {
    ClientCall<String, String> call = probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    call.cancel("enough", null);
    assertEquals(List.of(), probe.timers());
    assertTrue(probe.attempts.made.stream().allMatch(FakeAttempts.Attempt::isCancelled));
    probe.attempt(1).fail(Code.CANCELLED);
    probe.attempt(0).fail(Code.CANCELLED);

    assertEquals(Code.CANCELLED, probe.caller.end().getCode());
  }

  @Test
  void cancelledContextStopsHedges() {
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(() -> probe.ask(TestMethod.IDEMPOTENT));
    context.cancel(null);

    assertEquals(List.of(), probe.timers());
    assertEquals(List.of(), probe.caller.ends); // that is the attempt's to say
  }

  @Test
  void callIsNotHedgedBeforeItsRequestIsThere() {
    ClientCall<String, String> call = probe.call(TestMethod.IDEMPOTENT);
    call.start(probe.caller, new Metadata());
    call.sendMessage("hello");
    assertEquals(List.of(), probe.timers());
    call.halfClose();

    assertEquals(List.of(LATE), probe.timers());
  }

  /** As a proxy does, which sends no sooner. */
  @Test
  void callerHearsThatItMaySendAndIsNotDisturbedByHedgesMeanwhile() {
    ClientCall<String, String> call = probe.call(TestMethod.IDEMPOTENT);
    probe.caller.whenReady =
        () -> {
          assertTrue(call.isReady());
          call.sendMessage("hello");
          call.halfClose();
          assertFalse(call.isReady());
          assertEquals(List.of(), probe.timers());
        };
    call.start(probe.caller, new Metadata());
    probe.attempt(0).ready();
    assertEquals(List.of(LATE), probe.timers());
    probe.pass(LATE);
    probe.attempt(1).ready();

    assertEquals(List.of("ready"), probe.caller.heard);
  }

  @Test
  void executorThatTakesNoTasksLeavesTheCallToItsAttempts() {
    probe
        .on(
            task -> {
              throw new RejectedExecutionException("full");
            })
        .ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    assertEquals(List.of(), probe.caller.ends);
    probe.attempt(0).fail(Code.OK);

    assertEquals(Code.OK, probe.caller.end().getCode());
  }

  @Test
  void hedgeThatNoServerSawIsMadeAgain() {
    probe.ask(TestMethod.IDEMPOTENT);
    probe.pass(LATE);
    probe.attempt(1).end(AttemptFate.NEVER_SENT, Status.UNAVAILABLE);
    probe.attempt(2).answer();

    assertTrue(probe.attempt(0).isCancelled());
    assertEquals(List.of("headers"), probe.caller.heard);
  }
}
