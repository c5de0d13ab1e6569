package dev.tahini.rpc.examples.server;

import static java.util.stream.Collectors.joining;

import dev.tahini.rpc.Endpoint;
import io.grpc.Server;
import java.util.Optional;

/** The one line that a server prints, and that whoever started it reads: where it listens. */
public final class ListeningLine {
  private static final String PREFIX = "listening on ";

  private ListeningLine() {}

  static String of(Server server) {
    return server.getListenSockets().stream()
        .map(socket -> Endpoint.of(socket).addressText())
        .collect(joining(",", PREFIX, ""));
  }

  /**
   * Reads the line.
   *
   * @param line what a server printed
   * @return the address, such as {@code 127.0.0.1:50051}; empty if the line is another
   */
  public static Optional<String> address(String line) {
    return line.startsWith(PREFIX)
        ? Optional.of(line.substring(PREFIX.length()))
        : Optional.empty();
  }
}
