package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.testing.FakeTime;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HedgedLatencyTest {
  private static final Duration BEFORE = Duration.ofMillis(500);

  private final RetryProbe probe = new RetryProbe().with(Hedging.afterP95(BEFORE, 2));

  private void answered(int calls, int millis) {
    for (int i = 0; i < calls; i++) {
      probe.ask(TestMethod.IDEMPOTENT, new Caller());
      probe.pass(Duration.ofMillis(millis));
      probe.attempts.last().answer();
      probe.attempts.last().fail(Code.OK);
    }
  }

  private long hedgeMillis() {
    probe.ask(TestMethod.IDEMPOTENT, new Caller());
    List<Duration> timers = probe.timers();
    probe.attempts.last().fail(Code.NOT_FOUND);
    assertEquals(1, timers.size());
    return timers.get(0).toMillis();
  }

  @Test
  void untilAHundredCallsWereSeenTheFixedDelayHolds() {
    answered(99, 2);

    assertEquals(BEFORE.toMillis(), hedgeMillis());
  }

  @Test
  void then95thPercentileIsWaitedFor() {
    answered(94, 2);
    answered(6, 40);

    assertEquals(40, hedgeMillis());
  }

  @Test
  void answersWithoutHeadersCount() {
    for (int i = 0; i < 100; i++) {
      probe.ask(TestMethod.IDEMPOTENT, new Caller());
      probe.pass(Duration.ofMillis(3));
      probe.attempts.last().fail(Code.OK);
    }

    assertEquals(3, hedgeMillis());
  }

  /** Else each hedge would make the next come sooner. */
  @Test
  void callThatAHedgeAnswersTookSinceItsOwnStart() {
    answered(90, 2);
    for (int i = 0; i < 10; i++) {
      probe.ask(TestMethod.IDEMPOTENT, new Caller());
      probe.pass(BEFORE.plusMillis(2));
      probe.attempts.last().answer();
    }

    assertEquals(502.0, (double) hedgeMillis(), 5.0);
  }

  @Test
  void oldCallsAreForgotten() {
    answered(100, 2);
    assertEquals(2, hedgeMillis());
    probe.pass(Duration.ofSeconds(30));

    assertEquals(BEFORE.toMillis(), hedgeMillis());
  }

  @Test
  void windowKnowsNothingAtFirst() {
    assertEquals(LatencyWindow.UNKNOWN, new LatencyWindow(new FakeTime().ticker()).percentile95());
  }
}
