package dev.tahini.rpc.benchmarks.storm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StormTest {
  private static final double BAR = 1.3;
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration DOWN = Duration.ofMillis(11_500);

  private static StormMeter storm(Duration down, StormScenario scenario, StormContender contender) {
    Duration back = down.plusSeconds(15);
    return new Storm(5, down, back, back.plusSeconds(15), 1).run(scenario, contender);
  }

  @ParameterizedTest
  @CsvSource({"FAILING, 11000", "FAILING, 11300", "FAILING, 11900", "CRASHED, 11500"})
  void retriesWithinTheBudgetKeepTheBar(StormScenario scenario, long downMillis) {
    StormMeter meter = storm(Duration.ofMillis(downMillis), scenario, StormContender.TAHINI);

    double most = meter.mostAttemptsPerCall(WINDOW);
    assertTrue(most > 1.2 && most <= BAR, () -> "attempts per call: " + most);
  }

  @ParameterizedTest
  @EnumSource(StormScenario.class)
  void retriesWithoutBudgetDoNot(StormScenario scenario) {
    double most = storm(DOWN, scenario, StormContender.PLAIN_RETRIES).mostAttemptsPerCall(WINDOW);

    assertTrue(most > 3, () -> "attempts per call: " + most);
  }

  @ParameterizedTest
  @EnumSource(StormContender.class)
  void callsSucceedAgainWhenTheBackendsAreBack(StormContender contender) {
    StormMeter meter = storm(DOWN, StormScenario.FAILING, contender);

    assertTrue(meter.failed() > 0);
    assertEquals(0, meter.secondsUntilWell(DOWN.plusSeconds(15)).orElseThrow(), 1);
  }

  @Test
  void withoutRetriesAnAttemptIsACall() {
    StormMeter meter = storm(DOWN, StormScenario.FAILING, StormContender.NO_RETRIES);

    assertEquals(meter.calls(), meter.attempts());
    assertEquals(1, meter.mostAttemptsPerCall(WINDOW));
  }

  @Test
  void oneSeedGivesOneStorm() {
    StormMeter one = storm(DOWN, StormScenario.CRASHED, StormContender.TAHINI);
    StormMeter other = storm(DOWN, StormScenario.CRASHED, StormContender.TAHINI);

    assertEquals(one.calls(), other.calls());
    assertEquals(one.attempts(), other.attempts());
    assertEquals(one.failed(), other.failed());
  }
}
