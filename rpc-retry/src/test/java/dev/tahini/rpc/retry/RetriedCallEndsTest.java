package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetriedCallEndsTest {
  private static final Context.Key<String> KEY = Context.key("test");

  private final RetryProbe probe = new RetryProbe();

  @Test
  void callThatIsCancelledBeforeItStartsCancelsItsAttempt() {
    probe.call(TestMethod.UNARY).cancel("enough", null);

    assertEquals(List.of("cancel enough"), probe.attempt(0).done);
  }

  @Test
  void callThatIsCancelledInAnAttemptEndsWithIt() {
    probe.ask(TestMethod.UNARY).cancel("enough", null);
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertTrue(probe.attempt(0).isCancelled());
    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void callThatIsCancelledBetweenAttemptsEndsAtOnceOnItsExecutor() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    IllegalStateException why = new IllegalStateException("why");
    ClientCall<String, String> call = probe.on(tasks::add).ask(TestMethod.UNARY);
    probe.attempt(0).fail(Code.UNAVAILABLE);
    call.cancel("enough", why);
    call.cancel("again", null);

    assertEquals(List.of(), probe.timers());
    assertEquals(List.of(), probe.caller.ends);
    tasks.forEach(Runnable::run);
    assertEquals(Code.CANCELLED, probe.caller.end().getCode());
    assertEquals("enough", probe.caller.end().getDescription());
    assertSame(why, probe.caller.end().getCause());
  }

  @Test
  void callThatIsCancelledWhileThePolicyDecidesEnds() {
    List<ClientCall<String, String>> calls = new ArrayList<>();
    probe.with(
        history -> {
          calls.get(0).cancel("enough", null);
          return RetryProbe.steady().decide(history);
        });
    calls.add(probe.ask(TestMethod.UNARY));
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(Code.CANCELLED, probe.caller.end().getCode());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void callWhoseContextIsCancelledBetweenAttemptsEndsAtOnce() {
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(() -> probe.ask(TestMethod.UNARY));
    probe.attempt(0).fail(Code.UNAVAILABLE);
    context.cancel(new IllegalStateException("gone"));

    assertEquals(Code.CANCELLED, probe.caller.end().getCode());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void callWhoseContextIsCancelledAlreadyDoesNotWait() {
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(() -> probe.ask(TestMethod.UNARY));
    context.cancel(null);
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(Code.CANCELLED, probe.caller.end().getCode());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void attemptsAndTheEndAreInTheCallsContext() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    List<String> seen = new ArrayList<>();
    probe.attempts.onStart = attempt -> seen.add(KEY.get());
    List<ClientCall<String, String>> calls = new ArrayList<>();
    Context.current()
        .withValue(KEY, "users")
        .run(() -> calls.add(probe.on(tasks::add).call(TestMethod.UNARY)));
    calls
        .get(0)
        .start(
            new ClientCall.Listener<>() {
              @Override
              public void onClose(Status status, Metadata trailers) {
                seen.add("end " + KEY.get());
              }
            },
            new Metadata());
    seen.clear(); // the first is started in the caller's
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);
    tasks.remove().run();
    probe.attempt(1).fail(Code.UNAVAILABLE);
    calls.get(0).cancel("enough", null);
    tasks.remove().run();

    assertEquals(List.of("users", "end users"), seen);
  }

  @Test
  void callDoesNotWaitPastItsDeadline() {
    probe.callOptions =
        probe.callOptions.withDeadline(probe.time.deadlineAfter(Duration.ofMillis(10)));
    probe.ask(TestMethod.UNARY);
    probe.attempt(0).fail(Code.UNAVAILABLE);

    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
    assertEquals(List.of(), probe.timers());
  }

  @Test
  void attemptsTimeoutIsClippedToTheCallsDeadline() {
    probe.options = probe.options.withAttemptTimeout(Duration.ofMillis(100));
    probe.callOptions =
        probe.callOptions.withDeadline(probe.time.deadlineAfter(Duration.ofMillis(150)));
    probe.ask(TestMethod.UNARY);
    assertEquals(100, millisLeft(probe.attempt(0)));

    probe.pass(Duration.ofMillis(100));
    probe.attempt(0).fail(Code.DEADLINE_EXCEEDED);
    probe.pass(RetryProbe.DELAY);
    assertEquals(40, millisLeft(probe.attempt(1)));
  }

  private static long millisLeft(FakeAttempts.Attempt attempt) {
    Deadline deadline = attempt.options.getDeadline();
    return deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS);
  }

  @Test
  void callWithoutATimeoutHasNoDeadline() {
    probe.ask(TestMethod.UNARY);

    assertNull(probe.attempt(0).options.getDeadline());
  }

  @Test
  void executorThatTakesNoTasksEndsTheCall() {
    RejectedExecutionException full = new RejectedExecutionException("full");
    probe
        .on(
            task -> {
              throw full;
            })
        .ask(TestMethod.UNARY);
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);

    assertEquals(Code.UNAVAILABLE, probe.caller.end().getCode());
    assertSame(full, probe.caller.end().getCause());
  }

  @Test
  void interceptorThatThrowsWhenItIsCalledAgainEndsTheCall() {
    IllegalStateException broken = new IllegalStateException("interceptor");
    probe.ask(TestMethod.UNARY);
    probe.attempts.onCall =
        attempt -> {
          throw broken;
        };
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);

    assertSame(broken, probe.caller.end().getCause());
  }

  @Test
  void interceptorThatThrowsWhenItStartsEndsTheCallAndCancelsTheAttempt() {
    IllegalStateException broken = new IllegalStateException("interceptor");
    probe.ask(TestMethod.UNARY);
    probe.attempts.onStart =
        attempt -> {
          throw broken;
        };
    probe.attempt(0).fail(Code.UNAVAILABLE);
    probe.pass(RetryProbe.DELAY);

    RetriedException cause =
        assertInstanceOf(RetriedException.class, probe.caller.end().getCause());
    assertSame(broken, cause.getCause());
    assertTrue(probe.attempt(1).isCancelled());
  }
}
