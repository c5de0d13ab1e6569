package dev.tahini.rpc.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.rpc.RetryInfo;
import dev.tahini.rpc.InvalidValueException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FailureTest {
  static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final Failure BUSY = Failure.of(Status.RESOURCE_EXHAUSTED.withDescription("busy"));

  @Test
  void retryInfoIsAmongTheDetails() throws Exception {
    Failure failure = BUSY.withRetryInfo(Duration.ofMillis(1500));

    com.google.rpc.Status details =
        Objects.requireNonNull(
            StatusProto.fromStatusAndTrailers(failure.status(), failure.trailers()));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED.value(), details.getCode());
    assertEquals("busy", details.getMessage());
    assertEquals(
        com.google.protobuf.Duration.newBuilder().setSeconds(1).setNanos(500_000_000).build(),
        details.getDetails(0).unpack(RetryInfo.class).getRetryDelay());
  }

  @Test
  void pushbackSaysWhenOrNotAtAll() {
    assertEquals("20", BUSY.withPushback(Duration.ofMillis(20)).trailers().get(PUSHBACK));
    assertEquals("-1", BUSY.withoutRetry().trailers().get(PUSHBACK));
  }

  @Test
  void lastPushbackCounts() {
    Failure failure = BUSY.withPushback(Duration.ofMillis(20)).withoutRetry();

    assertEquals("-1", failure.trailers().get(PUSHBACK));
    assertEquals(1, failure.trailers().keys().size());
  }

  @Test
  void trailersCannotBeChangedFromOutside() {
    Metadata given = new Metadata();
    Failure failure = new Failure(Status.UNAVAILABLE, given);

    given.put(PUSHBACK, "1");
    failure.trailers().put(PUSHBACK, "2");

    assertNull(failure.trailers().get(PUSHBACK));
  }

  @Test
  void successIsNoFailure() {
    assertThrows(InvalidValueException.class, () -> Failure.of(Status.OK));
  }

  @Test
  void negativeDelayIsAnError() {
    Duration negative = Duration.ofMillis(-1);

    assertThrows(InvalidValueException.class, () -> BUSY.withRetryInfo(negative));
    assertThrows(InvalidValueException.class, () -> BUSY.withPushback(negative));
  }
}
