package dev.tahini.rpc.core;

import io.grpc.Status;

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
    return cause == null || line.contains(cause) ? line : line + " (" + cause + ")";
  }
}
