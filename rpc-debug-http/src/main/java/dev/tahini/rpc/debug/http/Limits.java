package dev.tahini.rpc.debug.http;

import java.time.Duration;

/**
 * What one reader, or all of them, may take of the server.
 *
 * @param request within which a whole request has to arrive: from the connection on, or from the
 *     end of the last answer. A slow sender cannot prolong it by sending on
 * @param answer within which an answer has to be read, and each event
 * @param tick between two events
 * @param connections open at once; who waits longest for its request makes room for the next
 * @param streams open at once
 */
record Limits(Duration request, Duration answer, Duration tick, int connections, int streams) {
  /** As long as is usual for URLs. */
  static final int REQUEST_LINE_BYTES = 8 << 10;

  /** With cookies of other pages of the same host. */
  static final int HEADER_BYTES = 16 << 10;

  static final Limits USUAL =
      new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(1), 256, 8);
}
