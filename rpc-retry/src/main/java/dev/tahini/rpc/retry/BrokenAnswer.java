package dev.tahini.rpc.retry;

import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.List;

/**
 * Failures that load balancers and broken connections cause, although their status blames the
 * server: there are only texts to tell them by. Source: the Go package; and grpc-netty's words for
 * the same, as it says them of a page of HTML, of a body that ends in a message's midst, and of a
 * stream reset with INTERNAL_ERROR.
 */
final class BrokenAnswer {
  private static final List<String> GO =
      List.of(
          "transport: received the unexpected content-type \"text/html; charset=UTF-8\"",
          "unexpected EOF",
          "stream terminated by RST_STREAM with error code: INTERNAL_ERROR");
  private static final List<String> JAVA =
      List.of(
          "invalid content-type: text/html",
          "Received unexpected EOS on",
          "Encountered end-of-stream mid-frame",
          "RST_STREAM closed stream. HTTP/2 error code: INTERNAL_ERROR");

  private BrokenAnswer() {}

  /** Whether a call failed by one. */
  static boolean isBehind(Status status) {
    String text = status.getDescription();
    Code code = status.getCode();
    if (text == null) {
      return false;
    }
    boolean isGos = code == Code.INTERNAL && GO.stream().anyMatch(text::contains);
    boolean mayBeJavas = code == Code.INTERNAL || code == Code.UNKNOWN;
    return isGos || (mayBeJavas && JAVA.stream().anyMatch(text::contains));
  }
}
