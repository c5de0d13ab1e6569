package dev.tahini.rpc.core;

import static dev.tahini.rpc.AttemptFate.NEVER_SENT;
import static dev.tahini.rpc.AttemptFate.PROCESSED;
import static dev.tahini.rpc.AttemptFate.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.AttemptFate;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportWordsTest {
  private static final String RESET = "RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM";

  private static AttemptFate sent(String description) {
    return TransportWords.fate(Status.UNAVAILABLE.withDescription(description), true, true, false);
  }

  @Test
  void attemptWhoseHeadersWereNotWrittenWasNeverSent() {
    assertEquals(NEVER_SENT, TransportWords.fate(Status.UNAVAILABLE, true, false, false));
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
    assertEquals(PROCESSED, TransportWords.fate(Status.UNAVAILABLE, true, true, false));
  }

  @Test
  void serversOwnStatusCountsAsProcessedWhateverItSays() {
    assertEquals(
        PROCESSED,
        TransportWords.fate(Status.UNAVAILABLE.withDescription(RESET), true, true, true));
  }

  @Test
  void callThatItsCallerEndedCountsAsProcessed() {
    assertEquals(PROCESSED, TransportWords.fate(Status.CANCELLED, true, false, false));
    assertEquals(PROCESSED, TransportWords.fate(Status.DEADLINE_EXCEEDED, true, false, false));
  }

  /** Such as credentials that cannot be had, which gRPC does not ask for again. */
  @Test
  void attemptThatNoTransportTookCountsAsProcessed() {
    assertEquals(PROCESSED, TransportWords.fate(Status.UNAVAILABLE, false, false, false));
  }

  /** The server may read later what waits in the socket. */
  @Test
  void attemptOnAConnectionThatHangsCountsAsProcessed() {
    Status status =
        Status.UNAVAILABLE.withDescription("Keepalive failed. The connection is likely gone");

    assertEquals(PROCESSED, TransportWords.fate(status, true, false, false));
  }
}
