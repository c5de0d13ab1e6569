package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.grpc.Status;
import org.junit.jupiter.api.Test;

class BackendStatsTest {
  private final BackendStats stats = new BackendStats();

  @Test
  void startedIsWhatIsInFlightAndWhatEnded() {
    for (int i = 0; i < 5; i++) {
      stats.start();
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

  private void end(Status status, long tookNanos) {
    stats.start();
    stats.end(status, tookNanos);
  }
}
