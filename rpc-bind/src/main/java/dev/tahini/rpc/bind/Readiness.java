package dev.tahini.rpc.bind;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Whether a server is there, with its zones: by asking it.
 *
 * @param token what this server says of itself, and no other
 */
record Readiness(InetSocketAddress server, String token, List<String> zones) {
  private static final int TIMEOUT_MILLIS = 200;
  private static final int NO_ERROR = 0;

  /** Asks once, over TCP and UDP, and for each zone. */
  boolean ask() {
    try {
      if (!Question.version().tcp(server, TIMEOUT_MILLIS).text().contains(token)
          || !Question.version().udp(server, TIMEOUT_MILLIS).text().contains(token)) {
        return false;
      }
      for (String zone : zones) {
        Question.Answer answer = Question.soa(zone).udp(server, TIMEOUT_MILLIS);
        if (answer.code() != NO_ERROR || !answer.isAuthoritative()) {
          return false;
        }
      }
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
