package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackendStatsTest {
  private final BackendStats stats = new BackendStats();
  private final FakeTime time = new FakeTime();

  @Test
  void startedIsWhatIsInFlightAndWhatEnded() {
    for (int i = 0; i < 5; i++) {
      start();
    }
    stats.end(Status.OK, 1);
    stats.end(Status.ABORTED, 1);

    assertEquals(3, stats.inFlight());
    assertEquals(5, stats.started());
    assertEquals(1, stats.ended(Status.Code.OK));
    assertEquals(1, stats.ended(Status.Code.ABORTED));
    assertEquals(0, stats.ended(Status.Code.UNAVAILABLE));
  }

  @Test
  void firstSampleIsTheMean() {
    end(Status.OK, 800);

    assertEquals(800, stats.latencyNanos());
  }

  @Test
  void laterSamplesMoveTheMeanByAnEighth() {
    end(Status.OK, 800);
    end(Status.OK, 1600);
    assertEquals(900, stats.latencyNanos());

    end(Status.OK, 100);
    assertEquals(800, stats.latencyNanos());
  }

  @Test
  void attemptThatTookNoTimeIsASampleToo() {
    end(Status.OK, 0);

    assertEquals(1, stats.latencyNanos());
  }

  @Test
  void errorIsThatOfTheLastAttemptThatFailed() {
    assertNull(stats.lastError());
    end(Status.ABORTED, 1);
    end(Status.UNAVAILABLE, 1);
    end(Status.OK, 1);

    assertSame(Status.UNAVAILABLE, stats.lastError());
  }

  @Test
  void cancelledAttemptIsNoError() {
    end(Status.CANCELLED, 1);

    assertNull(stats.lastError());
    assertEquals(1, stats.ended(Status.Code.CANCELLED));
  }

  @Test
  void countsAreExactWhateverIsInFlight() {
    int inFlight = 1_000_000;
    for (int i = 0; i < inFlight; i++) {
      start();
    }
    end(Status.OK, 1);
    end(Status.ABORTED, 1);

    assertEquals(inFlight, stats.inFlight());
    assertEquals(1, stats.ended(Status.Code.OK));
    assertEquals(inFlight + 2, stats.started());
  }

  @Test
  void attemptThatWasNoneIsNotCounted() {
    end(Status.OK, 1);
    start();
    stats.uncount();

    assertEquals(0, stats.inFlight());
    assertEquals(1, stats.started());
  }

  @Test
  void attemptThatIsNotTimedIsCountedWithoutASample() {
    end(Status.OK, 800);
    end(Status.OK, BackendStats.UNTIMED);

    assertEquals(800, stats.latencyNanos());
    assertEquals(2, stats.ended(Status.Code.OK));
  }

  @Test
  void rareAttemptsAreAllTimed() {
    assertEquals(20, timedOf(20, Duration.ofMillis(10)));
  }

  @Test
  void ofABusyBackendsAttemptsOneInAboutTenMillisecondsIsTimed() {
    timedOf(20_000, Duration.ofNanos(20_000));

    assertEquals(100, timedOf(50_000, Duration.ofNanos(20_000)), 25);
  }

  @Test
  void backendThatIsBusyNoMoreHasAllAttemptsTimedAgain() {
    timedOf(20_000, Duration.ofNanos(20_000));

    timedOf(600, Duration.ofMillis(100)); // as many as there were in 10 ms, and some
    assertEquals(20, timedOf(20, Duration.ofMillis(100)));
  }

  @Test
  void attemptAfterAFailureIsTimed() {
    timedOf(20_000, Duration.ofNanos(20_000));
    end(Status.UNAVAILABLE, BackendStats.UNTIMED);

    assertTrue(isTimed(start()));
  }

  @Test
  void burstOfFailuresDoesNotHideTheAttemptsAfterIt() {
    for (int i = 0; i < 1_000; i++) {
      end(Status.UNAVAILABLE, 1);
    }

    assertEquals(20, timedOf(20, Duration.ofSeconds(1)));
  }

  @Test
  void attemptThatSomebodyWantsToHearOfIsTimed() {
    timedOf(20_000, Duration.ofNanos(20_000));

    for (int i = 0; i < 20; i++) {
      assertTrue(isTimed(stats.start(time.ticker(), true)));
      stats.end(Status.OK, 1);
    }
  }

  /** How many attempts are timed, of so many that come so long after each other. */
  private int timedOf(int attempts, Duration apart) {
    int timed = 0;
    for (int i = 0; i < attempts; i++) {
      time.pass(apart);
      timed += isTimed(start()) ? 1 : 0;
      stats.end(Status.OK, BackendStats.UNTIMED);
    }
    return timed;
  }

  private static boolean isTimed(long startNanos) {
    return startNanos != BackendStats.UNTIMED;
  }

  private long start() {
    return stats.start(time.ticker(), false);
  }

  private void end(Status status, long tookNanos) {
    start();
    stats.end(status, tookNanos);
  }
}
