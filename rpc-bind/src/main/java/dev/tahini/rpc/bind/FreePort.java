package dev.tahini.rpc.bind;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Finds loopback ports. Below those that Linux gives to clients: none of them is to take the port
 * while the server is down.
 */
final class FreePort {
  private static final int TRIES = 100;
  private static final int FIRST = 10_000;
  private static final int END = 32_768;

  private FreePort() {}

  /** A port of 127.0.0.1 that was free a moment ago, for TCP and for UDP. */
  static InetSocketAddress find() {
    try {
      InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
      for (int i = 0; i < TRIES; i++) {
        int port = any(loopback);
        try (ServerSocket tcp = new ServerSocket(port, 1, loopback);
            DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), loopback)) {
          return new InetSocketAddress(loopback, udp.getLocalPort());
        } catch (BindException taken) {
          // Another one, then.
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("port: " + e, e);
    }
    throw new IllegalStateException("port: none (expected: one that is free for TCP and UDP)");
  }

  /** The system's choice, moved into the range. */
  private static int any(InetAddress loopback) throws IOException {
    try (ServerSocket chosen = new ServerSocket(0, 1, loopback)) {
      return FIRST + chosen.getLocalPort() % (END - FIRST);
    }
  }
}
