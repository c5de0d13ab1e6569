package dev.tahini.rpc.core;

import dev.tahini.rpc.AttemptFate;
import io.grpc.Status;

/**
 * What the words of grpc-netty's transport tell of an attempt: only from them can be read that a
 * server refused it. Should they change, such calls fail as UNAVAILABLE. A server cannot give these
 * words itself, since its own status comes with trailers.
 */
final class TransportWords {
  private static final String RESET = "RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM";
  private static final String GOAWAY =
      "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR";

  /** What still waits to be written then may be written later: its headers may be among it. */
  private static final String KEEPALIVE = "Keepalive failed";

  private TransportWords() {}

  /**
   * What became of an attempt.
   *
   * @param created whether a transport took it: credentials that fail, for one, come before
   * @param sent whether its headers were written to the connection
   * @param answered whether headers or trailers came back
   */
  static AttemptFate fate(Status status, boolean created, boolean sent, boolean answered) {
    if (status.getCode() != Status.Code.UNAVAILABLE || !created || answered) {
      return AttemptFate.PROCESSED;
    }
    String words = status.getDescription() == null ? "" : status.getDescription();
    if (!sent) {
      return words.startsWith(KEEPALIVE) ? AttemptFate.PROCESSED : AttemptFate.NEVER_SENT;
    }
    boolean refused = words.startsWith(RESET) || words.startsWith(GOAWAY);
    return refused ? AttemptFate.REFUSED : AttemptFate.PROCESSED;
  }
}
