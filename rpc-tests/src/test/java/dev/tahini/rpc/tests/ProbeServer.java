package dev.tahini.rpc.tests;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tahini.rpc.Endpoint;
import io.grpc.Attributes;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A loopback server of the {@link ProbeService} that can be drained, killed and started again on
 * the same port. Driven by the test's one thread.
 */
final class ProbeServer implements AutoCloseable {
  private final String name;
  private final ServerCredentials credentials;
  private final ProbeService service;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger connectionsEver = new AtomicInteger();
  private final @Nullable Relay relay;
  private final InetSocketAddress address;
  private Server server;

  /** How the server is reached. */
  private enum Way {
    DIRECT,
    RELAYED,
    HELD
  }

  private ProbeServer(String name, int port, ServerCredentials credentials, Way way) {
    this.name = name;
    this.credentials = credentials;
    this.service = new ProbeService(name);
    this.server = listen(port);
    this.relay = way == Way.DIRECT ? null : new Relay(server.getPort(), way == Way.HELD);
    this.address = relay == null ? loopback(server.getPort()) : relay.address();
  }

  /** A server on a free port. */
  static ProbeServer start(String name) {
    return startAt(name, 0);
  }

  /** A server on a port that the test has freed. */
  static ProbeServer startAt(String name, int port) {
    return new ProbeServer(name, port, InsecureServerCredentials.create(), Way.DIRECT);
  }

  static ProbeServer startWith(String name, ServerCredentials credentials) {
    return new ProbeServer(name, 0, credentials, Way.DIRECT);
  }

  /** A server whose connections run through a {@link Relay}, so that it can be killed. */
  static ProbeServer startKillable(String name) {
    return new ProbeServer(name, 0, InsecureServerCredentials.create(), Way.RELAYED);
  }

  /** A killable server whose clients stay CONNECTING until {@link #open}. */
  static ProbeServer startHeld(String name) {
    return new ProbeServer(name, 0, InsecureServerCredentials.create(), Way.HELD);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private Server listen(int port) {
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    AtomicReference<@Nullable Server> started = new AtomicReference<>();
    Await.until(
        () -> "port " + port + " to be free: " + failure.get(),
        () -> {
          try {
            started.set(
                NettyServerBuilder.forAddress(loopback(port), credentials)
                    .addService(service)
                    .addTransportFilter(new Counter())
                    .directExecutor()
                    .build()
                    .start());
            return true;
          } catch (IOException portInUse) {
            failure.set(portInUse);
            return false;
          }
        });
    Server listening = started.get();
    if (listening == null) {
      throw new UncheckedIOException(new IOException("no server on port " + port));
    }
    return listening;
  }

  private final class Counter extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      connections.incrementAndGet();
      connectionsEver.incrementAndGet();
      return attributes;
    }

    @Override
    public void transportTerminated(@Nullable Attributes attributes) {
      // A connection that ends before it was ready was never counted, and has none.
      if (attributes != null) {
        connections.decrementAndGet();
      }
    }
  }

  String name() {
    return name;
  }

  ProbeService service() {
    return service;
  }

  int port() {
    return address.getPort();
  }

  Endpoint endpoint() {
    return Endpoint.of(address);
  }

  /** Its address as picks and messages write it. */
  String address() {
    return endpoint().addressText();
  }

  /** HTTP/2 connections that are open now. */
  int connections() {
    return connections.get();
  }

  int connectionsEver() {
    return connectionsEver.get();
  }

  /** Refuses new connections, says GOAWAY on the old ones, and lets the calls in flight end. */
  void drain() {
    if (relay != null) {
      throw new IllegalStateException("killable: its relay would go on listening");
    }
    server.shutdown();
  }

  /** Waits for the end of the last call after {@link #drain()}. */
  void awaitStopped() {
    try {
      if (!server.awaitTermination(Await.PATIENCE.toSeconds(), SECONDS)) {
        throw new AssertionError(name + " has not stopped; hanging: " + service.hanging());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets the connections of a held server become ready. */
  void open() {
    relay().open();
  }

  /** Cuts all its sockets; its calls in flight are lost. */
  void kill() {
    relay().cut();
    server.shutdown(); // with its connections gone there is nothing that it waits for
  }

  private Relay relay() {
    if (relay == null) {
      throw new IllegalStateException("started without a relay");
    }
    return relay;
  }

  /** Starts it again after it was drained or killed, on the same port. */
  void restart() {
    awaitStopped();
    if (relay == null) {
      server = listen(address.getPort());
    } else {
      server = listen(0);
      relay.relisten(server.getPort());
    }
  }

  @Override
  public void close() {
    if (relay != null) {
      relay.close();
    }
    service.close();
    server.shutdownNow();
    awaitStopped();
  }

  @Override
  public String toString() {
    return name + "@" + address();
  }
}
