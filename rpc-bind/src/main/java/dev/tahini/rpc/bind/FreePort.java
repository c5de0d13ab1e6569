package dev.tahini.rpc.bind;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds loopback ports. */
final class FreePort {
  private static final int TRIES = 20;

  private FreePort() {}

  /** A port of 127.0.0.1 that was free a moment ago, for TCP and for UDP. */
  static InetSocketAddress find() {
    try {
      InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
      for (int i = 0; i < TRIES; i++) {
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
            DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), loopback)) {
          return new InetSocketAddress(loopback, udp.getLocalPort());
        } catch (BindException takenForUdp) {
          // Another one, then.
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("port: " + e, e);
    }
    throw new IllegalStateException("port: none (expected: one that is free for TCP and UDP)");
  }
}
