package dev.tahini.rpc.testing;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import io.grpc.Deadline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A port of the loopback address that listens, or refuses and still is nobody else's. Its methods
 * are called by one thread at a time.
 */
final class RelayPort {
  private final ServerBootstrap bootstrap;
  private final InetSocketAddress address;
  private @Nullable Socket reserved;
  private @Nullable Channel listening;

  /**
   * Takes a port that refuses until {@link #open}.
   *
   * @param port 0 for a free one
   * @param connections initialises each connection, in the event loop, before it is read
   * @throws InvalidValueException if the port is taken
   */
  RelayPort(EventLoop loop, int port, ChannelHandler connections) {
    if (port < 0 || port > 65_535) {
      throw new InvalidValueException("port", port, "1 to 65535, or none for a free one");
    }
    this.bootstrap =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(connections);
    try {
      Socket socket = reserve(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      this.reserved = socket;
      this.address = (InetSocketAddress) socket.getLocalSocketAddress();
    } catch (BindException e) {
      InvalidValueException taken =
          new InvalidValueException(
              "port", port, "a free one of the loopback address; " + e.getMessage());
      taken.initCause(e);
      throw taken;
    } catch (IOException e) {
      throw new UncheckedIOException("test cluster: cannot take a port: " + e.getMessage(), e);
    }
  }

  /** A socket that is bound and does not listen: whoever connects is refused. */
  private static Socket reserve(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(true);
      socket.bind(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  /**
   * Listens, unless it does.
   *
   * @throws IllegalStateException if the system does not let it
   */
  void open() {
    if (listening != null) {
      return;
    }
    // Where the system allows it, the port is not let go of for a moment.
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    letGo();
    if (!bound.isSuccess()) {
      bound = bootstrap.bind(address).awaitUninterruptibly();
    }
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "test cluster: cannot listen on "
              + Endpoint.of(address).addressText()
              + " again (expected: the port is free)",
          bound.cause());
    }
    listening = bound.channel();
  }

  /** Refuses, unless it does; connections that are open stay. */
  void shut() {
    Channel listener = listening;
    if (listener == null) {
      return;
    }
    listening = null;
    listener.close().awaitUninterruptibly();
    awaitRefusal();
    try {
      reserved = reserve(address);
    } catch (IOException notReserved) {
      // Somebody else may take the port: open() would say so.
    }
  }

  /**
   * A selector keeps a socket that was closed listening until it selects again: connections of that
   * time would be made and then reset.
   */
  private void awaitRefusal() {
    Deadline patience = Deadline.after(Changes.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    while (!patience.isExpired()) {
      if (refuses(patience)) {
        return;
      }
      Thread.onSpinWait();
    }
    throw new IllegalStateException(
        "test cluster: the port " + address.getPort() + " does not cease to listen");
  }

  private boolean refuses(Deadline patience) {
    int millis = (int) Math.max(patience.timeRemaining(TimeUnit.MILLISECONDS), 1);
    try (Socket probe = new Socket()) {
      probe.connect(address, millis);
      return false;
    } catch (SocketTimeoutException full) {
      return false; // it listens, to more than it can take
    } catch (IOException refused) {
      return true;
    }
  }

  /** Gives the port up. */
  void close() {
    try {
      shut();
    } finally {
      letGo();
    }
  }

  private void letGo() {
    Socket socket = reserved;
    reserved = null;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
