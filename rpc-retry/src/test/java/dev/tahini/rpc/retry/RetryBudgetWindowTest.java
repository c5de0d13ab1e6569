package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.testing.FakeTime;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The budget counts by whole seconds; what it promises is of the 10 s before any retry. */
class RetryBudgetWindowTest {
  private static final int STEPS_OF_SECOND = 4;
  private static final int STEPS_OF_WINDOW = 10 * STEPS_OF_SECOND;
  private static final Duration STEP = Duration.ofMillis(1000 / STEPS_OF_SECOND);

  private final FakeTime time = new FakeTime();
  private final RetryBudget budget = RetryBudget.of(0, 10, time);

  private int takeAll() {
    int taken = 0;
    while (budget.tryRetry()) {
      taken++;
    }
    return taken;
  }

  @Test
  void whatIsTakenLateInASecondIsNotBackBefore10Seconds() {
    time.advance(Duration.ofMillis(900));
    assertEquals(100, takeAll());

    time.advance(Duration.ofMillis(9_900));
    assertFalse(budget.tryRetry());
    time.advance(Duration.ofMillis(1_100));
    assertTrue(budget.tryRetry());
  }

  /** Calls of each quarter of a second, and the retries that were allowed in it. */
  private record Quarter(int calls, int retries) {}

  @Property(tries = 200)
  void inThe10SecondsUpToARetryAreNoMoreThanTheirCallsAllow(
      @ForAll @Size(min = 50, max = 120) List<@IntRange(max = 60) Integer> calls,
      @ForAll @IntRange(max = 200) int wanted) {
    FakeTime ownTime = new FakeTime();
    RetryBudget own = RetryBudget.of(ownTime);
    Quarter[] quarters = new Quarter[calls.size()];
    for (int i = 0; i < quarters.length; i++) {
      int taken = 0;
      for (int call = 0; call < calls.get(i); call++) {
        own.noteCall();
      }
      for (int retry = 0; retry < wanted; retry++) {
        taken += own.tryRetry() ? 1 : 0;
      }
      quarters[i] = new Quarter(calls.get(i), taken);
      ownTime.advance(STEP);
    }
    for (int from = 0; from + STEPS_OF_WINDOW <= quarters.length; from++) {
      int made = 0;
      int retried = 0;
      for (int i = from; i < from + STEPS_OF_WINDOW; i++) {
        made += quarters[i].calls();
        retried += quarters[i].retries();
      }
      boolean endsWithRetry = quarters[from + STEPS_OF_WINDOW - 1].retries() > 0;
      assertTrue(
          !endsWithRetry || retried <= 0.2 * made + 100, retried + " of " + made + " from " + from);
    }
  }
}
