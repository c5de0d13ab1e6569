package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.testing.FakeTime;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Around futures, all on the test's thread, which is that of the fake time, too. */
class RetryTest {
  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("key", Metadata.ASCII_STRING_MARSHALLER);

  private final FakeTime time = new FakeTime();
  private final Attempts attempts = new Attempts();

  @AfterEach
  void nothingIsLeftToBeDone() {
    time.advance(Duration.ofDays(1));
    assertEquals(attempts.made, attempts.madeAtTheEnd(), "attempts after the end");
  }

  /** Gives one outcome after the other, the last again and again. */
  private static final class Attempts {
    private final List<Object> outcomes = new ArrayList<>();
    private int made;
    private int end = -1;

    Attempts then(Object... more) {
      outcomes.addAll(Arrays.asList(more));
      return this;
    }

    int madeAtTheEnd() {
      return end < 0 ? made : end;
    }

    ListenableFuture<Object> next() {
      Object outcome = outcomes.get(Math.min(made++, outcomes.size() - 1));
      return outcome instanceof Throwable failure
          ? Futures.immediateFailedFuture(failure)
          : Futures.immediateFuture(outcome);
    }
  }

  private Retry.Builder retry() {
    return Retry.builder()
        .time(time)
        .executor(Runnable::run)
        .policy(StandardRetryPolicy.defaults().withBackoff(Backoff.defaults().withJitter(0)));
  }

  private ListenableFuture<Object> start(Retry retry, Object... outcomes) {
    attempts.then(outcomes);
    return retry.callAsync(attempts::next);
  }

  private static RuntimeException failure(ListenableFuture<?> future) {
    assertTrue(future.isDone(), "the end");
    try {
      throw new AssertionError(Futures.getDone(future));
    } catch (ExecutionException e) {
      return assertInstanceOf(RuntimeException.class, e.getCause());
    }
  }

  private static StatusRuntimeException unavailable(String why) {
    return Status.UNAVAILABLE.withDescription(why).asRuntimeException();
  }

  @Test
  void resultComesAfterTheDelays() throws ExecutionException {
    ListenableFuture<Object> result =
        start(retry().build(), unavailable("one"), unavailable("two"), "done");

    assertEquals(1, attempts.made);
    time.advance(Duration.ofMillis(10));
    assertEquals(2, attempts.made);
    time.advance(Duration.ofMillis(15));
    assertFalse(result.isDone());
    time.advance(Duration.ofMillis(1));
    assertEquals("done", Futures.getDone(result));
  }

  @Test
  void failureThatIsNotRetriedComesAsItIs() {
    IllegalStateException plain = new IllegalStateException("no");

    assertSame(plain, failure(start(retry().build(), plain)));
  }

  @Test
  void lastFailureTellsOfAll() {
    Metadata trailers = new Metadata();
    trailers.put(KEY, "last");
    StatusRuntimeException one = unavailable("one");
    StatusRuntimeException two =
        Status.INVALID_ARGUMENT.withDescription("two").asRuntimeException(trailers);
    ListenableFuture<Object> result = start(retry().build(), one, two);
    time.advance(Duration.ofMillis(10));

    StatusRuntimeException failure =
        assertInstanceOf(StatusRuntimeException.class, failure(result));
    assertEquals(
        "two (2 attempts in 10 ms: UNAVAILABLE, INVALID_ARGUMENT; INVALID_ARGUMENT is not retried)",
        failure.getStatus().getDescription());
    assertEquals(Code.INVALID_ARGUMENT, failure.getStatus().getCode());
    assertSame(trailers, failure.getTrailers());
    assertSame(two, failure.getCause());
    assertEquals(List.of(one), List.of(failure.getSuppressed()));
  }

  @Test
  void exceptionOfTheUsersIsThrownItselfWithTheOthersSuppressed() {
    IllegalStateException own = new IllegalStateException("mine");
    StatusRuntimeException one = unavailable("one");
    ListenableFuture<Object> result = start(retry().build(), one, own);
    time.advance(Duration.ofMillis(10));

    assertSame(own, failure(result));
    assertEquals(List.of(one), List.of(own.getSuppressed()));
  }

  @Test
  void checkedExceptionIsTheCauseOfAStatus() {
    TimeoutException late = new TimeoutException("late");
    StatusException full = Status.NOT_FOUND.asException();
    ListenableFuture<Object> result = start(retry().build(), late, full);
    time.advance(Duration.ofMillis(10));

    StatusRuntimeException failure = (StatusRuntimeException) failure(result);
    assertEquals(Code.NOT_FOUND, failure.getStatus().getCode());
    assertSame(full, failure.getCause());
  }

  @Test
  void delayThatDoesNotFitEndsItAtOnce() throws Exception {
    ListenableFuture<Object> result =
        inDeadline(Duration.ofMillis(20), () -> start(retry().build(), unavailable("down")));
    time.advance(Duration.ofMillis(10));

    StatusRuntimeException failure = (StatusRuntimeException) failure(result);
    assertEquals(
        "down (2 attempts in 10 ms: UNAVAILABLE, UNAVAILABLE;"
            + " the next attempt would come after the deadline)",
        failure.getStatus().getDescription());
    assertEquals(2, attempts.made);
  }

  private <T> T inDeadline(Duration left, Callable<T> body) throws Exception {
    Deadline deadline = Deadline.after(left.toNanos(), TimeUnit.NANOSECONDS, time.ticker());
    Context.CancellableContext context = Context.current().withDeadline(deadline, time.scheduler());
    return context.call(body);
  }

  @Test
  void cancelledContextEndsTheDelayAtOnce() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    ListenableFuture<Object> result =
        context.call(() -> start(retry().build(), unavailable("down")));
    context.cancel(null);
    attempts.end = 1;

    StatusRuntimeException failure = (StatusRuntimeException) failure(result);
    assertEquals(Code.CANCELLED, failure.getStatus().getCode());
    assertTrue(failure.toString().contains("1 attempt in 0 ms: UNAVAILABLE"), failure::toString);
  }

  @Test
  void nothingIsAttemptedInACancelledContext() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    context.cancel(null);
    ListenableFuture<Object> result = context.call(() -> start(retry().build(), "done"));

    assertEquals(Code.CANCELLED, Status.fromThrowable(failure(result)).getCode());
    assertEquals(0, attempts.made);
  }

  @Test
  void cancelledResultCancelsItsAttemptAndIsTriedNoMore() {
    SettableFuture<Object> open = SettableFuture.create();
    ListenableFuture<Object> during = retry().build().callAsync(() -> open);
    during.cancel(true);
    assertTrue(open.isCancelled());

    ListenableFuture<Object> between = start(retry().build(), unavailable("down"));
    between.cancel(true);
    attempts.end = 1;
  }

  @Test
  void attemptThatIsCancelledIsNotRetried() {
    assertInstanceOf(
        CancellationException.class, failure(start(retry().build(), new CancellationException())));
  }

  @Test
  void unwantedResultIsTriedAgainAndGivenAtLast() throws ExecutionException {
    attempts.then("not yet", "not yet", "now");
    ListenableFuture<Object> result = retry().build().callAsync(attempts::next, "not yet"::equals);
    time.advance(Duration.ofMillis(26));
    assertEquals("now", Futures.getDone(result));

    Attempts never = new Attempts().then("never");
    ListenableFuture<Object> other = retry().build().callAsync(never::next, "never"::equals);
    time.advance(Duration.ofSeconds(1));
    assertEquals("never", Futures.getDone(other));
    assertEquals(5, never.made);
  }

  @Test
  void attemptThatTakesTooLongIsCancelledAndTriedAgain() throws ExecutionException {
    List<Context> contexts = new ArrayList<>();
    ListenableFuture<Object> result =
        retry()
            .attemptTimeout(Duration.ofSeconds(1))
            .build()
            .callAsync(
                () -> {
                  contexts.add(Context.current());
                  return contexts.size() == 1 ? untilCancelled() : Futures.immediateFuture("done");
                });
    time.advance(Duration.ofSeconds(1));
    assertTrue(contexts.get(0).isCancelled());
    time.advance(Duration.ofMillis(10));

    assertEquals("done", Futures.getDone(result));
  }

  /** As a stub's future is. */
  private static ListenableFuture<Object> untilCancelled() {
    SettableFuture<Object> future = SettableFuture.create();
    Context.current()
        .addListener(
            context -> future.setException(Status.DEADLINE_EXCEEDED.asRuntimeException()),
            Runnable::run);
    return future;
  }

  @Test
  void policyThatThrowsEndsItWithInternal() {
    IllegalStateException broken = new IllegalStateException("broken");
    Retry retry =
        retry()
            .policy(
                history -> {
                  throw broken;
                })
            .build();

    StatusRuntimeException failure =
        (StatusRuntimeException) failure(start(retry, unavailable("down")));
    assertEquals(Code.INTERNAL, failure.getStatus().getCode());
    assertTrue(failure.toString().contains("broken"), failure::toString);
  }

  @Test
  void errorsAreNotRetried() {
    AssertionError error = new AssertionError("bug");
    ListenableFuture<Object> result = start(retry().build(), error);

    ExecutionException thrown =
        assertThrows(ExecutionException.class, () -> Futures.getDone(result));
    assertSame(error, thrown.getCause());
  }

  @Test
  void usedUpBudgetEndsIt() {
    RetryBudget budget = RetryBudget.of(0, 0, time);
    StatusRuntimeException failure =
        (StatusRuntimeException)
            failure(start(retry().budget(budget).build(), unavailable("down")));

    assertEquals(
        "down (1 attempt in 0 ms: UNAVAILABLE; the retry budget is used up)",
        failure.getStatus().getDescription());
  }

  @Test
  void listenerThatThrowsChangesNothing() throws ExecutionException {
    CallEvents broken =
        new CallEvents() {
          @Override
          public void onRetry(RetryDecided event) {
            throw new IllegalStateException("listener");
          }
        };
    ListenableFuture<Object> result =
        start(retry().events(broken).build(), unavailable("down"), "done");
    time.advance(Duration.ofMillis(10));

    assertEquals("done", Futures.getDone(result));
  }

  @Test
  void listenerHearsOfEachDecision() {
    List<String> heard = new ArrayList<>();
    CallEvents events =
        new CallEvents() {
          @Override
          public void onRetry(RetryDecided event) {
            heard.add(event.attempt() + " " + event.decision() + " " + event.budget());
          }
        };
    RetryBudget budget = RetryBudget.of(0, 1, time);
    ListenableFuture<Object> result =
        start(retry().events(events).budget(budget).build(), unavailable("down"), "done");
    time.advance(Duration.ofMillis(10));

    assertTrue(result.isDone());
    assertEquals(List.of("1 Retry[delay=PT0.01S] 9.0"), heard);
  }
}
