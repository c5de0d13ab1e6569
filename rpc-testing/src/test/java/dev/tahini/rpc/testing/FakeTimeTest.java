package dev.tahini.rpc.testing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // what ran is looked at
class FakeTimeTest {
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private final FakeTime time = new FakeTime(START);
  private final FakeScheduler scheduler = time.scheduler();
  private final List<String> ran = new ArrayList<>();

  private ScheduledFuture<?> in(long seconds, String what) {
    return scheduler.schedule(() -> ran.add(what + "@" + sinceStart()), seconds, SECONDS);
  }

  private long sinceStart() {
    return Duration.between(START, time.now()).toSeconds();
  }

  @Test
  void tickerClockAndDeadlinesMoveTogether() {
    Deadline deadline = time.deadlineAfter(Duration.ofSeconds(5));

    time.advance(Duration.ofSeconds(3));

    assertEquals(SECONDS.toNanos(3), time.ticker().nanoTime());
    assertEquals(START.plusSeconds(3), time.clock().instant());
    assertEquals(SECONDS.toNanos(2), deadline.timeRemaining(NANOSECONDS));
  }

  @Test
  void nothingRunsBeforeItIsDue() {
    in(10, "late");

    time.advance(Duration.ofSeconds(10).minusNanos(1));
    assertEquals(List.of(), ran);

    time.advance(Duration.ofNanos(1));
    assertEquals(List.of("late@10"), ran);
  }

  @Test
  void whatIsDueRunsInTheOrderOfItsTimeAndThenOfItsScheduling() {
    in(2, "c");
    in(1, "a");
    in(2, "d");
    in(1, "b");

    time.advance(Duration.ofSeconds(5));

    assertEquals(List.of("a@1", "b@1", "c@2", "d@2"), ran);
    assertEquals(5, sinceStart());
  }

  @Test
  void whatATaskSchedulesRunsInTheSameAdvanceIfItIsDueInIt() {
    scheduler.schedule(
        () -> {
          in(1, "second");
          in(9, "late");
        },
        1,
        SECONDS);

    time.advance(Duration.ofSeconds(3));

    assertEquals(List.of("second@2"), ran);
  }

  @Test
  void tasksRunOnTheThreadThatAdvances() throws Exception {
    Future<Thread> ranOn = scheduler.schedule(Thread::currentThread, 1, SECONDS);

    time.advance(Duration.ofSeconds(1));

    assertSame(Thread.currentThread(), ranOn.get());
  }

  @Test
  void whatHasNoDelayRunsAtTheNextAdvance() {
    scheduler.execute(() -> ran.add("executed"));
    assertEquals(List.of(), ran);

    time.advance(Duration.ZERO);

    assertEquals(List.of("executed"), ran);
  }

  @Test
  void cancelledTaskDoesNotRun() {
    ScheduledFuture<?> cancelled = in(1, "cancelled");

    cancelled.cancel(false);
    time.advance(Duration.ofSeconds(2));

    assertEquals(List.of(), ran);
    assertThrows(CancellationException.class, cancelled::get);
  }

  @Test
  void periodicTaskRunsAtEachPeriodUntilItIsCancelled() {
    ScheduledFuture<?> tick =
        scheduler.scheduleAtFixedRate(() -> ran.add("@" + sinceStart()), 1, 2, SECONDS);
    time.advance(Duration.ofSeconds(6));

    tick.cancel(false);
    time.advance(Duration.ofSeconds(6));

    assertEquals(List.of("@1", "@3", "@5"), ran);
  }

  @Test
  void pendingTasksAreTold() {
    in(7, "b");
    in(3, "a");
    in(5, "cancelled").cancel(false);
    time.advance(Duration.ofSeconds(1));

    assertEquals(List.of(Duration.ofSeconds(2), Duration.ofSeconds(6)), scheduler.pending());
  }

  @Test
  void nextTaskCanBeSkippedTo() {
    in(7, "a");
    in(7, "b");
    in(8, "c");

    assertEquals(Duration.ofSeconds(7), time.advanceToNext());
    assertEquals(List.of("a@7", "b@7"), ran);
    assertEquals(Duration.ofSeconds(1), time.advanceToNext());
    assertNull(time.advanceToNext());
  }

  @Test
  void timeDoesNotRunBackwards() {
    time.advance(Duration.ofSeconds(5));

    InvalidValueException negative =
        assertThrows(InvalidValueException.class, () -> time.advance(Duration.ofSeconds(-1)));
    InvalidValueException past =
        assertThrows(InvalidValueException.class, () -> time.advanceTo(START));

    assertEquals(
        "duration: PT-1S (expected: zero or more: time runs forwards)", negative.getMessage());
    assertEquals(
        "instant: 2026-11-22T10:00:00Z (expected: 2026-11-22T10:00:05Z or later: time runs"
            + " forwards)",
        past.getMessage());
    assertEquals(5, sinceStart());
  }

  @Test
  void timeIsNotAdvancedByATaskThatAnAdvanceRuns() {
    scheduler.schedule(() -> time.advance(Duration.ofSeconds(1)), 1, SECONDS);

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> time.advance(Duration.ofSeconds(1)));

    assertTrue(String.valueOf(e.getMessage()).contains("by a task that it runs"), e::toString);
    time.advance(Duration.ofSeconds(1)); // goes on
    assertEquals(2, sinceStart());
  }

  @Test
  void timeIsNotAdvancedByTwoThreadsAtOnce() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    scheduler.schedule(
        () -> {
          running.countDown();
          return end.await(10, SECONDS);
        },
        1,
        SECONDS);
    Thread other = new Thread(() -> time.advance(Duration.ofSeconds(1)), "other");
    other.start();
    assertTrue(running.await(10, SECONDS));

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> time.advance(Duration.ofSeconds(1)));
    end.countDown();
    other.join();

    assertTrue(String.valueOf(e.getMessage()).contains("other"), e::toString);
  }

  @Test
  void failureOfATaskIsInItsFutureAndComesOutOfTheAdvance() {
    AssertionError failure = new AssertionError("broken");
    Future<?> broken =
        scheduler.schedule(
            () -> {
              throw failure;
            },
            1,
            SECONDS);
    in(1, "next");

    assertSame(
        failure, assertThrows(AssertionError.class, () -> time.advance(Duration.ofSeconds(5))));

    assertSame(failure, assertThrows(ExecutionException.class, broken::get).getCause());
    assertEquals(1, sinceStart());
    time.advance(Duration.ofSeconds(4));
    assertEquals(List.of("next@1"), ran);
  }

  @Test
  void whatAnotherThreadIsAboutToScheduleCanBeAwaited() throws Exception {
    CountDownLatch scheduled = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              scheduler.schedule(scheduled::countDown, 3, SECONDS);
            });
    in(100, "late");
    other.start();

    time.awaitPending(Duration.ofSeconds(3));
    time.advance(Duration.ofSeconds(3));

    assertEquals(0, scheduled.getCount());
    other.join();
  }

  @Test
  void delayMayBeLongerThanTimeLasts() {
    time.advance(Duration.ofSeconds(1));

    scheduler.schedule(() -> ran.add("never"), Long.MAX_VALUE, NANOSECONDS);
    time.advance(Duration.ofDays(365));

    assertEquals(List.of(), ran);
  }

  @Test
  void timersThatAreCancelledAreNotKept() {
    in(3600, "kept");
    for (int i = 0; i < 100_000; i++) {
      in(3600, "cancelled").cancel(false);
    }

    assertTrue(scheduler.size() < 1_000, () -> scheduler.size() + " tasks are kept");
    time.advance(Duration.ofHours(1));
    assertEquals(List.of("kept@3600"), ran);
  }

  @Test
  void shutdownIsRefused() {
    assertThrows(UnsupportedOperationException.class, scheduler::shutdown);
    assertThrows(UnsupportedOperationException.class, scheduler::shutdownNow);
    assertFalse(scheduler.isShutdown());
  }
}
