package dev.tahini.rpc.core;

import io.grpc.Status;

/** Whether a server may have seen an attempt that ended. */
enum AttemptFate {
  /** It may have; whether the call may be made again is not for us to say. */
  PROCESSED,
  /** Its headers never left the client. */
  NEVER_SENT,
  /** The server said that it left it alone: by GOAWAY, or by RST_STREAM with REFUSED_STREAM. */
  REFUSED;

  private static final String RESET = "RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM";
  private static final String GOAWAY =
      "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR";

  /**
   * What became of it. That a server refused it can only be read from the words of grpc-java's
   * transport; should they change, such calls fail as UNAVAILABLE. A server cannot give these words
   * itself, since its own status comes with trailers.
   *
   * @param sent whether its headers were written to the connection
   * @param answered whether headers or trailers came back
   */
  static AttemptFate of(Status status, boolean sent, boolean answered) {
    if (status.getCode() != Status.Code.UNAVAILABLE || answered) {
      return PROCESSED;
    }
    if (!sent) {
      return NEVER_SENT;
    }
    String words = status.getDescription() == null ? "" : status.getDescription();
    return words.startsWith(RESET) || words.startsWith(GOAWAY) ? REFUSED : PROCESSED;
  }
}
