package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.AttemptFate.NEVER_SENT;
import static dev.tahini.rpc.core.AttemptFate.PROCESSED;
import static dev.tahini.rpc.core.AttemptFate.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptFateTest {
  private static final String RESET = "RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM";

  private static AttemptFate sent(String description) {
    return AttemptFate.of(Status.UNAVAILABLE.withDescription(description), true, true, false);
  }

  @Test
  void attemptWhoseHeadersWereNotWrittenWasNeverSent() {
    assertEquals(NEVER_SENT, AttemptFate.of(Status.UNAVAILABLE, true, false, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        RESET,
        "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR",
        "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR, debug data: app_requested"
      })
  void whatTheServerDisownedWasRefused(String description) {
    assertEquals(REFUSED, sent(description));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "io exception", "Connection closed after GOAWAY. HTTP/2 error code: NO_ERROR"})
  void whatMayHaveReachedTheServerCountsAsProcessed(String description) {
    assertEquals(PROCESSED, sent(description));
    assertEquals(PROCESSED, AttemptFate.of(Status.UNAVAILABLE, true, true, false));
  }

  @Test
  void serversOwnStatusCountsAsProcessedWhateverItSays() {
    assertEquals(
        PROCESSED, AttemptFate.of(Status.UNAVAILABLE.withDescription(RESET), true, true, true));
  }

  @Test
  void callThatItsCallerEndedCountsAsProcessed() {
    assertEquals(PROCESSED, AttemptFate.of(Status.CANCELLED, true, false, false));
    assertEquals(PROCESSED, AttemptFate.of(Status.DEADLINE_EXCEEDED, true, false, false));
  }

  /** Such as credentials that cannot be had, which gRPC does not ask for again. */
  @Test
  void attemptThatNoTransportTookCountsAsProcessed() {
    assertEquals(PROCESSED, AttemptFate.of(Status.UNAVAILABLE, false, false, false));
  }

  /** The server may read later what waits in the socket. */
  @Test
  void attemptOnAConnectionThatHangsCountsAsProcessed() {
    Status status =
        Status.UNAVAILABLE.withDescription("Keepalive failed. The connection is likely gone");

    assertEquals(PROCESSED, AttemptFate.of(status, true, false, false));
  }
}
