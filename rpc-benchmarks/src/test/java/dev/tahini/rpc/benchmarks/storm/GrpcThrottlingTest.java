package dev.tahini.rpc.benchmarks.storm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.tahini.rpc.RetryPolicy.Decision;
import dev.tahini.rpc.RetryPolicy.History;
import dev.tahini.rpc.RetryPolicy.Outcome;
import dev.tahini.rpc.RetryPolicy.Retry;
import dev.tahini.rpc.RetryPolicy.Stop;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrpcThrottlingTest {
  private final GrpcThrottling throttling =
      new GrpcThrottling(history -> Decision.retryAfter(Duration.ZERO));

  private Decision failure(Status status) {
    Outcome outcome = new Outcome(status, new Metadata(), null, Duration.ZERO, Duration.ZERO);
    return throttling.decide(new History(null, List.of(outcome), null));
  }

  private int retriesOf(int failures) {
    int retries = 0;
    for (int i = 0; i < failures; i++) {
      retries += failure(Status.UNAVAILABLE) instanceof Retry ? 1 : 0;
    }
    return retries;
  }

  @Test
  void failuresStopRetriesWhenHalfOfTheTokensAreGone() {
    assertEquals(49, retriesOf(60));
  }

  @Test
  void tenSuccessesPayForAFailure() {
    assertEquals(49, retriesOf(50));
    for (int i = 0; i < 21; i++) {
      throttling.attemptEnded(Status.OK);
    }

    assertEquals(2, retriesOf(10));
  }

  @Test
  void otherFailuresAreNotRetriedAndTakeNothing() {
    for (int i = 0; i < 100; i++) {
      assertInstanceOf(Stop.class, failure(Status.INTERNAL));
    }

    assertEquals(49, retriesOf(60));
  }
}
