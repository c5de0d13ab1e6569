package dev.tahini.rpc.benchmarks.storm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.testing.FakeTime;
import io.grpc.Status;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StormMeterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeTime time = new FakeTime();
  private final StormMeter meter = new StormMeter(Duration.ofSeconds(30));

  @BeforeEach
  void runs() {
    meter.runsIn(time);
  }

  private void second(int calls, int attempts, Status end) {
    for (int i = 0; i < calls; i++) {
      meter.callStarted().accept(end);
    }
    for (int i = 0; i < attempts; i++) {
      meter.attemptStarted();
    }
    time.advance(SECOND);
  }

  @Test
  void theWorstWindowCounts() {
    for (int i = 0; i < 30; i++) {
      second(10, i >= 12 && i < 17 ? 30 : 10, Status.OK);
    }

    assertEquals(2, meter.mostAttemptsPerCall(Duration.ofSeconds(10)));
    assertEquals(3, meter.mostAttemptsPerCall(SECOND));
  }

  @Test
  void allIsWellWhenNoLaterSecondIsIll() {
    for (int i = 0; i < 30; i++) {
      second(10, 10, i < 12 || i == 14 ? Status.UNAVAILABLE : Status.OK);
    }

    assertEquals(130, meter.failed());
    assertEquals(OptionalDouble.of(4.1), meter.secondsUntilWell(Duration.ofSeconds(10)));
  }

  @Test
  void whatIsIllToTheEndIsNeverWell() {
    for (int i = 0; i < 30; i++) {
      second(10, 10, Status.UNAVAILABLE);
    }

    assertEquals(OptionalDouble.empty(), meter.secondsUntilWell(Duration.ofSeconds(10)));
  }

  @Test
  void callsWithoutEndHaveFailed() {
    meter.callStarted();

    assertEquals(1, meter.failed());
  }
}
