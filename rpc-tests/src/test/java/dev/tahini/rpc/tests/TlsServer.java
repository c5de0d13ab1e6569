package dev.tahini.rpc.tests;

import dev.tahini.rpc.Endpoint;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A {@link ProbeService} under TLS, on a free port of the loopback address. */
final class TlsServer implements AutoCloseable {
  private final Server server;

  private TlsServer(Server server) {
    this.server = server;
  }

  static TlsServer start(String name, ServerCredentials credentials) {
    try {
      return new TlsServer(
          NettyServerBuilder.forAddress(loopback(0), credentials)
              .addService(new ProbeService(name))
              .directExecutor()
              .build()
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  int port() {
    return server.getPort();
  }

  Endpoint endpoint() {
    return Endpoint.of(loopback(port()));
  }

  String address() {
    return endpoint().addressText();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
