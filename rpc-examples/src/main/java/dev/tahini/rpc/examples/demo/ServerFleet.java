package dev.tahini.rpc.examples.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All the servers that the demo has started. Thread-safe: a shutdown hook may close it at any time.
 */
final class ServerFleet implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final List<ServerProcess> servers = new ArrayList<>();
  private boolean closed;

  synchronized ServerProcess start(Duration delay) throws IOException {
    if (closed) {
      throw new IllegalStateException("the demo is ending");
    }
    ServerProcess server = ServerProcess.start(delay);
    servers.add(server);
    return server;
  }

  /** Ends them all; nothing of them is left when it returns. */
  @Override
  public synchronized void close() {
    closed = true;
    servers.forEach(ServerProcess::end);
    try {
      for (ServerProcess server : servers) {
        server.awaitEnd(GRACE);
      }
    } catch (InterruptedException e) {
      servers.forEach(ServerProcess::kill);
      Thread.currentThread().interrupt();
    }
  }
}
