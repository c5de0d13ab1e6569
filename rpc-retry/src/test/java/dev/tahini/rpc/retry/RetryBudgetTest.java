package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RetryBudgetTest {
  private static final int WINDOW = 10;

  private final FakeTime time = new FakeTime();

  @Example
  void quietClientHasTenRetriesASecond() {
    RetryBudget budget = RetryBudget.of(time);

    assertEquals(100, taken(budget, 1000));
    time.advance(Duration.ofSeconds(WINDOW));
    assertEquals(0, taken(budget, 1000)); // what was taken late in its second is not 10 s ago
    time.advance(Duration.ofSeconds(1));
    assertEquals(100, taken(budget, 1000));
  }

  @Example
  void busyClientHasAFifthOfItsCallsBeside() {
    RetryBudget budget = RetryBudget.of(time);
    for (int i = 0; i < 1000; i++) {
      budget.noteCall();
    }

    assertEquals(300, budget.balance());
    assertEquals(300, taken(budget, 1000));
    assertEquals(0, budget.balance());
    assertFalse(budget.tryRetry());
    assertEquals(701, budget.refused());
  }

  @Example
  void badSizesAreNamed() {
    assertEquals(
        "part: -0.1 (expected: 0 to 1000)",
        assertThrows(InvalidValueException.class, () -> RetryBudget.of(-0.1, 1, time))
            .getMessage());
    assertEquals(
        "perSecond: -1 (expected: 0 or more)",
        assertThrows(InvalidValueException.class, () -> RetryBudget.of(0.1, -1, time))
            .getMessage());
  }

  /** Each step: some calls, some retries that are tried, some seconds. */
  @Property(tries = 300)
  void neverPaysForMoreThanItHas(
      @ForAll @Size(max = 60) List<@IntRange(max = 1_000_000) Integer> steps) {
    RetryBudget budget = RetryBudget.of(0.2, 3, time);
    List<int[]> seconds = new ArrayList<>();
    seconds.add(new int[2]);
    for (int step : steps) {
      int[] second = seconds.get(seconds.size() - 1);
      for (int i = 0; i < step % 100; i++) {
        budget.noteCall();
        second[0]++;
      }
      int taken = taken(budget, step / 100 % 100);
      second[1] += taken;
      assertTrue(budget.balance() >= 0);
      assertTrue(
          taken == 0 || retries(seconds) <= 0.2 * calls(seconds) + 3 * WINDOW,
          "what was paid last, of the calls of the last ten seconds");
      for (int i = 0; i < step / 10_000 % 4; i++) {
        time.advance(Duration.ofSeconds(1));
        seconds.add(new int[2]);
      }
    }
  }

  private static int taken(RetryBudget budget, int wanted) {
    int taken = 0;
    for (int i = 0; i < wanted; i++) {
      taken += budget.tryRetry() ? 1 : 0;
    }
    return taken;
  }

  private static int calls(List<int[]> seconds) {
    return lastOf(seconds).stream().mapToInt(second -> second[0]).sum();
  }

  private static int retries(List<int[]> seconds) {
    return lastOf(seconds).stream().mapToInt(second -> second[1]).sum();
  }

  private static List<int[]> lastOf(List<int[]> seconds) {
    return seconds.subList(Math.max(0, seconds.size() - WINDOW), seconds.size());
  }
}
