package dev.tahini.rpc.examples.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.grpc.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Ends a server: calls in flight have a moment to finish, new ones are turned away. */
final class ServerLifetime {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Server server;

  ServerLifetime(Server server) {
    this.server = server;
  }

  /** Ends the server with SIGTERM and Ctrl-C. */
  void endOnSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end-on-signal"));
  }

  /**
   * Ends the server with a stream: if the process that holds its other end dies, however it does.
   */
  void endOnEofOf(InputStream in) {
    Thread reader =
        new Thread(
            () -> {
              readAll(in);
              end();
            },
            "end-on-eof");
    reader.setDaemon(true);
    reader.start();
  }

  private static void readAll(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException broken) {
      // As good as its end.
    }
  }

  private void end() {
    server.shutdown();
    try {
      if (!server.awaitTermination(GRACE.toMillis(), MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
