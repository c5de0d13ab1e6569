package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.RetryPolicy;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetriedCallTest {
  private static final Metadata.Key<String> PREVIOUS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final RetryProbe probe = new RetryProbe();

  static List<MethodDescriptor<String, String>> retried() {
    return List.of(TestMethod.UNARY, TestMethod.LIST);
  }

  static List<MethodDescriptor<String, String>> untouched() {
    return List.of(TestMethod.UPLOAD, TestMethod.BIDI);
  }

  private static String previous(FakeAttempts.Attempt attempt) {
    return String.valueOf(requireNonNull(attempt.headers).get(PREVIOUS));
  }

  private static Metadata pushback(String value) {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, value);
    return trailers;
  }

  @ParameterizedTest
  @MethodSource("retried")
  void unavailableCallIsMadeAgainAsItWasAfterTheDelay(MethodDescriptor<String, String> method) {
    ClientCall<String, String> call = probe.call(method);
    call.start(probe.caller, new Metadata());
    call.setMessageCompression(true);
    call.request(2);
    call.sendMessage("hello");
    call.halfClose();
    call.request(1);
    probe.attempt(0).fail(Code.UNAVAILABLE);

    probe.pass(Duration.ofMillis(9));
    assertEquals(1, probe.made());
    probe.pass(Duration.ofMillis(1));
    assertEquals(
        List.of("request 3", "compress true", "send hello", "half-close"), probe.attempt(1).done);
    assertEquals(List.of(), probe.caller.heard);
  }

  @ParameterizedTest
  @MethodSource("retried")
  void callerHearsOnlyTheAttemptThatIsAnswered(MethodDescriptor<String, String> method) {
    probe.ask(method);
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);
    probe.attempt(1).answer();
    probe.attempt(1).message("hi");
    probe.attempt(1).end(Status.OK, new Metadata());

    assertEquals(List.of("headers", "message hi", "close OK"), probe.caller.heard);
    assertEquals(List.of(), probe.timers());
  }

  @ParameterizedTest
  @MethodSource("untouched")
  void callsWithManyMessagesPassUntouched(MethodDescriptor<String, String> method) {
    ClientCall<String, String> call = probe.call(method);

    assertTrue(!(call instanceof RetriedCall), "wrapped");
    call.start(probe.caller, new Metadata());
    probe.attempt(0).fail(Code.UNAVAILABLE);
    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
  }

  @ParameterizedTest
  @MethodSource("retried")
  void callWithHeadersIsNotMadeAgain(MethodDescriptor<String, String> method) {
    probe.ask(method);
    probe.attempt(0).answer();
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(List.of("headers", "close UNAVAILABLE"), probe.caller.heard);
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void callWithAMessageIsNotMadeAgain() {
    probe.ask(TestMethod.LIST);
    probe.attempt(0).message("one");
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(List.of("message one", "close UNAVAILABLE"), probe.caller.heard);
  }

  @Test
  void attemptsSayHowManyCameBefore() {
    probe.ask(TestMethod.UNARY);
    for (int i = 0; i < 2; i++) {
      probe.attempt(i).fail(Code.UNAVAILABLE);
      probe.pass(RetryProbe.DELAY);
    }
    probe.attempt(2).end(AttemptFate.NEVER_SENT, Status.UNAVAILABLE);

    assertEquals(
        List.of("null", "1", "2", "2"),
        probe.attempts.made.stream().map(RetriedCallTest::previous).toList());
    assertNotSame(probe.attempt(0).headers, probe.attempt(1).headers);
  }

  /** The delay before it is still its delay. */
  @Test
  void attemptThatNoServerSawIsTheSameToThePolicy() {
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);
    probe.attempt(1).end(AttemptFate.NEVER_SENT, Status.UNAVAILABLE);
    probe.attempt(2).fail(Code.UNAVAILABLE);

    assertEquals(2, probe.retries.get(1).attempt());
    assertEquals(RetryProbe.DELAY, probe.retries.get(1).outcome().delayBefore());
  }

  @Test
  void failureTellsWhatHappened() {
    IllegalStateException refused = new IllegalStateException("refused");
    Metadata trailers = pushback("-1");
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).goesTo(RetryProbe.backend("10.0.0.7:80"));
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);
    probe.attempt(1).end(Status.UNAVAILABLE.withDescription("no").withCause(refused), trailers);

    Status end = probe.caller.end();
    assertTrue(
        requireNonNull(end.getDescription())
            .startsWith("no (2 attempts in 10 ms: UNAVAILABLE on 10.0.0.7:80, UNAVAILABLE; "),
        end.getDescription());
    Throwable cause = assertInstanceOf(RetriedException.class, end.getCause());
    assertSame(refused, cause.getCause());
    assertEquals(1, cause.getSuppressed().length);
    assertSame(trailers, probe.caller.trailers.get(0));
  }

  @Test
  void serversDelayIsKept() {
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).end(Status.UNAVAILABLE, pushback("700"));

    assertEquals(List.of(Duration.ofMillis(700)), probe.timers());
  }

  @Test
  void usedUpBudgetEndsTheCallWithItsStatus() {
    probe.budget = RetryBudget.of(0, 0, probe.time);
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
    assertInstanceOf(RetryPolicy.Stop.class, probe.retries.get(0).decision());
    assertEquals(0, probe.retries.get(0).budget());
  }

  @Test
  void eventsTellOfEachDecision() {
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).goesTo(RetryProbe.backend("10.0.0.7:80"));
    probe.pass(Duration.ofMillis(3));
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);
    probe.attempt(1).fail(Code.NOT_FOUND);

    assertEquals(
        List.of(
            new RetryPolicy.Retry(RetryProbe.DELAY),
            new RetryPolicy.Stop("NOT_FOUND is not retried")),
        probe.retries.stream().map(event -> event.decision()).toList());
    assertEquals("10.0.0.7:80", probe.retries.get(0).outcome().backend());
    assertEquals(Duration.ofMillis(3), probe.retries.get(0).outcome().took());
  }

  @Test
  void policyThatThrowsEndsTheCall() {
    IllegalStateException broken = new IllegalStateException("policy");
    probe.with(
        history -> {
          throw broken;
        });
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(Code.INTERNAL, probe.caller.end().getCode());
    assertSame(broken, probe.caller.end().getCause());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  @SuppressWarnings("NullAway") // a policy that does not keep to its contract
  void policyWithoutADecisionEndsTheCall() {
    probe.with(history -> null);
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(Code.INTERNAL, probe.caller.end().getCode());
  }
}
