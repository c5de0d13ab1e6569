package dev.tahini.rpc.tests;

import dev.tahini.rpc.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A port that takes connections and says nothing: a client waits there for HTTP/2 and stays
 * CONNECTING.
 */
final class SilentPort implements AutoCloseable {
  private final ServerSocket socket;

  SilentPort() {
    try {
      // The kernel takes the connections; nobody needs to accept them.
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Endpoint endpoint() {
    return Endpoint.of(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
  }

  String address() {
    return endpoint().addressText();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
