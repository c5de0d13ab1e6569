package dev.tahini.rpc.core;

import io.grpc.Status;

/** Whether a server may have seen an attempt that ended. */
enum AttemptFate {
  /** It may have; whether the call may be made again is not for us to say. */
  PROCESSED,
  /** The connection went away before its headers were handed to it, or written. */
  NEVER_SENT,
  /** The server said that it left it alone: by GOAWAY, or by RST_STREAM with REFUSED_STREAM. */
  REFUSED;

  private static final String RESET = "RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM";
  private static final String GOAWAY =
      "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR";

  /** What still waits to be written then may be written later: its headers may be among it. */
  private static final String KEEPALIVE = "Keepalive failed";

  /**
   * What became of it. That a server refused it can only be read from the words of grpc-netty's
   * transport; should they change, such calls fail as UNAVAILABLE. A server cannot give these words
   * itself, since its own status comes with trailers.
   *
   * @param created whether a transport took it: credentials that fail, for one, come before
   * @param sent whether its headers were written to the connection
   * @param answered whether headers or trailers came back
   */
  static AttemptFate of(Status status, boolean created, boolean sent, boolean answered) {
    if (status.getCode() != Status.Code.UNAVAILABLE || !created || answered) {
      return PROCESSED;
    }
    String words = status.getDescription() == null ? "" : status.getDescription();
    if (!sent) {
      return words.startsWith(KEEPALIVE) ? PROCESSED : NEVER_SENT;
    }
    return words.startsWith(RESET) || words.startsWith(GOAWAY) ? REFUSED : PROCESSED;
  }
}
