package dev.tahini.rpc.retry;

import static dev.tahini.rpc.AttemptFate.NEVER_SENT;
import static dev.tahini.rpc.AttemptFate.PROCESSED;
import static dev.tahini.rpc.AttemptFate.REFUSED;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.testing.FakeTime;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransparentRetryTest {
  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("key", Metadata.ASCII_STRING_MARSHALLER);
  private static final Status GONE = Status.UNAVAILABLE.withDescription("gone");

  private final FakeAttempts attempts = new FakeAttempts();
  private final List<Status> ends = new ArrayList<>();
  private final List<Boolean> readiness = new ArrayList<>();
  private final ClientCall<String, String> call =
      new RetryInterceptor(RetryRules.all(RetryOptions.none()), null, new FakeTime())
          .interceptCall(TestMethod.UNARY, CallOptions.DEFAULT, attempts);

  private void start() {
    start(new Metadata());
  }

  private void start(Metadata headers) {
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onReady() {
            readiness.add(call.isReady());
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            ends.add(status);
          }
        },
        headers);
  }

  private void ask() {
    start();
    call.request(2);
    call.sendMessage("hello");
    call.halfClose();
  }

  @Test
  void callThatWasNeverSentIsMadeAgainAsItWas() {
    ask();
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(2, attempts.made.size());
    assertEquals(List.of("request 2", "send hello", "half-close"), attempts.last().done);
    assertEquals(List.of(), ends);
  }

  @Test
  void callerHearsOfTheAttemptThatSucceeds() {
    ask();
    attempts.last().end(NEVER_SENT, GONE);
    attempts.last().end(PROCESSED, Status.OK);

    assertEquals(List.of(Status.OK), ends);
  }

  @Test
  void callThatMayHaveBeenProcessedIsNotMadeAgain() {
    ask();
    attempts.last().end(PROCESSED, GONE);

    assertEquals(1, attempts.made.size());
    assertEquals(List.of(GONE), ends);
  }

  @Test
  void callWithoutABackendIsNotMadeAgain() {
    ask();
    attempts.last().endWithoutStream(GONE);

    assertEquals(List.of(GONE), ends);
  }

  @Test
  void callIsMadeAgainOnceAfterItWasRefused() {
    ask();
    attempts.last().end(REFUSED, GONE);
    attempts.last().end(NEVER_SENT, GONE);
    attempts.last().end(REFUSED, GONE);

    assertEquals(3, attempts.made.size());
    assertEquals(List.of(GONE), ends);
  }

  @Test
  void callThatIsNeverSentEndsAtLast() {
    attempts.onStart = attempt -> attempt.end(NEVER_SENT, GONE);
    start();

    assertEquals(1 + RetriedCall.MOST_UNSENT, attempts.made.size());
    assertEquals(List.of(GONE), ends);
  }

  @Test
  void callThatWasAnsweredIsNotMadeAgain() {
    ask();
    attempts.last().answer();
    attempts.last().end(REFUSED, GONE);

    assertEquals(List.of(GONE), ends);
  }

  @Test
  void cancelledCallIsNotMadeAgain() {
    ask();
    call.cancel("enough", null);
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(List.of(GONE), ends);
  }

  @Test
  void callerGoesOnWhereTheFirstAttemptEndedInItsMidst() {
    start();
    call.setMessageCompression(true);
    call.request(2);
    attempts.last().end(NEVER_SENT, GONE);
    call.sendMessage("hello");
    call.halfClose();

    assertEquals(
        List.of("request 2", "compress true", "send hello", "half-close"), attempts.last().done);
  }

  @Test
  void whatTheCallerDoesWhileAnAttemptStartsIsDoneOnceItHas() {
    start();
    call.sendMessage("hello");
    attempts.onStart =
        attempt -> {
          call.request(1);
          call.halfClose();
          call.cancel("enough", null);
          assertEquals(List.of(), attempt.done);
        };
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(List.of("cancel enough"), attempts.last().done);
  }

  @Test
  void callerWhoHearsThatTheNextAttemptIsReadyMaySend() {
    start();
    attempts.onStart =
        attempt -> {
          assertFalse(call.isReady());
          attempt.ready();
        };
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(List.of(true), readiness);
  }

  @Test
  void attemptThatEndsWhileItStartsHasASuccessor() {
    ask();
    attempts.onStart =
        attempt -> {
          attempts.onStart = next -> {};
          attempt.end(NEVER_SENT, GONE);
        };
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(3, attempts.made.size());
    assertEquals(List.of(), attempts.made.get(1).done);
    assertEquals(List.of("request 2", "send hello", "half-close"), attempts.last().done);
  }

  @Test
  void messagesThatAreAskedForAfterTheEndOfTheRequestAreAskedForAgain() {
    ask();
    call.request(3);
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(List.of("request 5", "send hello", "half-close"), attempts.last().done);
  }

  @Test
  void headersThatAnAttemptGotAreNotTheNextOnes() {
    Metadata headers = new Metadata();
    headers.put(KEY, "users");
    start(headers);
    requireNonNull(attempts.last().headers).put(KEY, "credentials");
    attempts.last().end(NEVER_SENT, GONE);

    List<String> again = new ArrayList<>();
    requireNonNull(requireNonNull(attempts.last().headers).getAll(KEY)).forEach(again::add);
    assertEquals(List.of("users"), again);
  }

  @Test
  void callThatSentASecondMessageIsNotMadeAgain() {
    start();
    call.sendMessage("one");
    call.sendMessage("two");
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(List.of(GONE), ends);
  }

  /** As where an interceptor below makes attempts of its own, or a listener throws. */
  @Test
  void callThatEndsOtherwiseThanItsAttemptIsNotMadeAgain() {
    ask();
    attempts.last().report(NEVER_SENT, GONE);
    attempts.last().endWithoutStream(Status.OK);

    assertEquals(1, attempts.made.size());
    assertEquals(List.of(Status.OK), ends);
  }

  @Test
  void callOfWhichOneAttemptWasProcessedIsNotMadeAgain() {
    ask();
    attempts.last().report(PROCESSED, Status.UNAVAILABLE);
    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(List.of(GONE), ends);
  }

  @Test
  void callThatCannotBeMadeAgainSaysWhy() {
    ask();
    IllegalStateException broken = new IllegalStateException("interceptor");
    attempts.onStart =
        attempt -> {
          throw broken;
        };

    attempts.last().end(NEVER_SENT, GONE);

    assertEquals(1, ends.size());
    assertSame(broken, ends.get(0).getCause());
    assertEquals(List.of("cancel it cannot be made again"), attempts.last().done);
    attempts.last().endWithoutStream(Status.CANCELLED);
    assertEquals(1, ends.size());
  }
}
