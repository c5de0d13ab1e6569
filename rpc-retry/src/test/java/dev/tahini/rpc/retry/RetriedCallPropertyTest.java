package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.AttemptFate;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens in whatever order, the caller hears of one end, and nothing is left behind. */
class RetriedCallPropertyTest {
  private static final Duration DEADLINE = Duration.ofMillis(150);
  private static final int MOST_HEDGED = 3;

  enum Event {
    ANSWER,
    MESSAGE,
    SUCCEED,
    FAIL,
    FAIL_FOR_GOOD,
    NEVER_SENT,
    PUSHED_BACK,
    READY,
    CANCEL,
    TIME_PASSES,
    MUCH_TIME_PASSES
  }

  /** A call with the rules of gRPC for each of its attempts. */
  private static final class Run {
    final RetryProbe probe = new RetryProbe();
    final Set<FakeAttempts.Attempt> ended = new HashSet<>();
    final Deadline deadline = probe.time.deadlineAfter(DEADLINE);
    final ClientCall<String, String> call;

    Run(MethodDescriptor<String, String> method) {
      probe.with(Hedging.after(Duration.ofMillis(20), MOST_HEDGED));
      probe.budget = RetryBudget.of(0, 1, probe.time);
      probe.callOptions = probe.callOptions.withDeadline(deadline);
      call = probe.ask(method);
    }

    void step(Event event, int index) {
      switch (event) {
        case CANCEL -> call.cancel("enough", null);
        case TIME_PASSES -> pass(Duration.ofMillis(10));
        case MUCH_TIME_PASSES -> pass(Duration.ofMillis(30));
        default -> stepOf(probe.attempt(index % probe.made()), event);
      }
      if (!probe.caller.ends.isEmpty()) {
        assertEquals(List.of(), probe.timers());
        assertTrue(probe.attempts.made.stream().allMatch(this::isOver));
      }
    }

    /** Attempts end with the deadline, and after they were cancelled, as gRPC sees to it. */
    private void pass(Duration time) {
      probe.pass(time);
      boolean isLate = deadline.isExpired();
      for (FakeAttempts.Attempt each : List.copyOf(probe.attempts.made)) {
        if (each.isCancelled()) {
          end(each, Code.CANCELLED, new Metadata());
        } else if (isLate) {
          end(each, Code.DEADLINE_EXCEEDED, new Metadata());
        }
      }
    }

    private void stepOf(FakeAttempts.Attempt attempt, Event event) {
      if (ended.contains(attempt)) {
        return;
      }
      switch (event) {
        case ANSWER -> attempt.answer();
        case MESSAGE -> attempt.message("hi");
        case READY -> attempt.ready();
        case SUCCEED -> end(attempt, Code.OK, new Metadata());
        case FAIL -> end(attempt, Code.UNAVAILABLE, new Metadata());
        case FAIL_FOR_GOOD -> end(attempt, Code.NOT_FOUND, new Metadata());
        case PUSHED_BACK -> end(attempt, Code.UNAVAILABLE, RetriedCallPropertyTest.pushback());
        case NEVER_SENT -> {
          ended.add(attempt);
          attempt.end(AttemptFate.NEVER_SENT, Status.UNAVAILABLE);
        }
        default -> throw new AssertionError(event);
      }
    }

    private boolean isOver(FakeAttempts.Attempt attempt) {
      return ended.contains(attempt) || attempt.isCancelled();
    }

    private void end(FakeAttempts.Attempt attempt, Code code, Metadata trailers) {
      if (ended.add(attempt)) {
        attempt.end(code.toStatus(), trailers);
      }
    }
  }

  private static Metadata pushback() {
    Metadata trailers = new Metadata();
    trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), "35");
    return trailers;
  }

  @Property(tries = 3_000)
  void callEndsOnceAndLeavesNothing(
      @ForAll @Size(max = 25) List<Event> events,
      @ForAll @Size(25) List<@IntRange(max = 5) Integer> attempts,
      @ForAll boolean isHedged) {
    Run run = new Run(isHedged ? TestMethod.IDEMPOTENT : TestMethod.UNARY);
    for (int i = 0; i < events.size(); i++) {
      run.step(events.get(i), attempts.get(i));
    }
    for (int i = 0; i < 20; i++) {
      run.step(Event.MUCH_TIME_PASSES, 0);
    }

    RetryProbe probe = run.probe;
    assertEquals(1, probe.caller.ends.size(), events.toString());
    long most = isHedged ? MOST_HEDGED : 5;
    long unsent = events.stream().filter(Event.NEVER_SENT::equals).count();
    assertTrue(probe.made() <= most + unsent, probe.made() + " attempts");
  }
}
