package dev.tahini.rpc.core;

import io.grpc.Status;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** What a failed connect says to the user. */
final class ConnectError {
  /** Causes may go round in a circle. */
  private static final int DEEPEST = 20;

  private ConnectError() {}

  /**
   * One line: gRPC's description without its dump of the pipeline, and the root cause, which says
   * more than gRPC's "io exception".
   */
  static String describe(Status status) {
    String description = status.getDescription();
    String line =
        description == null
            ? status.getCode().toString()
            : description.lines().findFirst().orElse("");
    Throwable root = status.getCause();
    for (int depth = 0; root != null && root.getCause() != null && depth < DEEPEST; depth++) {
      root = root.getCause();
    }
    String cause = root == null ? null : root.getMessage();
    String said = cause == null || line.contains(cause) ? line : line + " (" + cause + ")";
    return said + hint(said, root);
  }

  /** What users most often got wrong where gRPC says this. */
  private static String hint(String said, @Nullable Throwable root) {
    if (said.contains("not an SSL/TLS record")) {
      return "; if the server speaks plaintext, the client needs .plaintext()";
    }
    if (said.contains("First received frame was not SETTINGS")) {
      return "; is it a server of HTTP/1?";
    }
    if (said.contains("Network closed for unknown reason")) {
      return "; is it a gRPC server, and TLS or plaintext as this client is?";
    }
    return root instanceof UnsupportedAddressTypeException
        ? "; an address of another transport needs its ChannelFactory"
        : "";
  }
}
