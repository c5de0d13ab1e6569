package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class OuterAttemptTest {
  private static final Backend A = RetryProbe.backend("a");
  private static final Backend B = RetryProbe.backend("b");
  private static final Backend C = RetryProbe.backend("c");

  private final RetryProbe probe = new RetryProbe();

  private FakeAttempts.Attempt askIn(OuterAttempt outer, Caller caller) {
    Context.current()
        .withValue(OuterAttempt.KEY, outer)
        .run(() -> probe.ask(TestMethod.IDEMPOTENT, caller));
    return probe.attempts.last();
  }

  private FakeAttempts.Attempt askIn(OuterAttempt outer) {
    return askIn(outer, new Caller());
  }

  private static List<Backend> tried(FakeAttempts.Attempt attempt) {
    return attempt.options.getOption(Attempts.OPTION).backends();
  }

  @Test
  void callWithinARetryIsNotRetriedByItself() {
    askIn(new OuterAttempt(), probe.caller).fail(Code.UNAVAILABLE);

    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
    assertEquals(List.of(), probe.retries);
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void callWithinARetryThatNoServerSawIsMadeAgain() {
    askIn(new OuterAttempt(), probe.caller).end(AttemptFate.NEVER_SENT, Status.UNAVAILABLE);

    assertEquals(2, probe.made());
    assertEquals(List.of(), probe.caller.ends);
  }

  @Test
  void callWithinARetryIsNotHedged() {
    probe.with(Hedging.after(RetryProbe.DELAY, 3));
    askIn(new OuterAttempt());
    probe.pass(RetryProbe.DELAY.multipliedBy(10));

    assertEquals(1, probe.made());
  }

  @Test
  void callsAvoidTheBackendsOfFailedCallsOfEarlierAttempts() {
    OuterAttempt first = new OuterAttempt();
    FakeAttempts.Attempt failing = askIn(first);
    failing.goesTo(A);
    failing.fail(Code.UNAVAILABLE);
    OuterAttempt second = first.next();
    FakeAttempts.Attempt again = askIn(second);
    assertEquals(List.of(A), tried(again));
    again.goesTo(B);
    again.fail(Code.UNAVAILABLE);

    assertEquals(List.of(A, B), tried(askIn(second.next())));
  }

  @Test
  void callsAvoidNeitherTheirSiblingsNorThoseThatSucceeded() {
    OuterAttempt first = new OuterAttempt();
    FakeAttempts.Attempt good = askIn(first);
    good.goesTo(A);
    good.fail(Code.OK);
    FakeAttempts.Attempt bad = askIn(first);
    bad.goesTo(B);
    bad.fail(Code.UNAVAILABLE);
    FakeAttempts.Attempt sibling = askIn(first);

    assertEquals(List.of(), tried(sibling));
    sibling.goesTo(C);
    assertEquals(List.of(B), tried(askIn(first.next())));
  }
}
