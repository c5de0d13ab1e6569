package dev.tahini.rpc.tests;

import dev.tahini.rpc.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port that is taken, so that nobody else gets it, and on which nobody listens. */
final class ClosedPort implements AutoCloseable {
  private final Socket bound = new Socket();

  ClosedPort() {
    try {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return bound.getLocalPort();
  }

  Endpoint endpoint() {
    return Endpoint.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
  }

  String address() {
    return endpoint().addressText();
  }

  @Override
  public void close() {
    try {
      bound.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
