package dev.tahini.rpc.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A port that carries connections to whatever server is behind it, and can do to them what networks
 * and proxies do. The servers come and go, the port stays.
 *
 * <p>Its methods are called by one thread at a time, which is not the event loop's; what becomes of
 * connections is confined to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty closes what fails
final class Relay implements Front {
  private final EventLoop loop;
  private final RelayPort port;
  private boolean up;
  private volatile boolean refusing;
  private volatile Meets meets = Meets.SERVER;

  // In the event loop only.
  private final Map<Channel, Meets> connections = new LinkedHashMap<>();
  private @Nullable SocketAddress server;

  /** What a new connection meets. */
  private enum Meets {
    SERVER,
    SILENCE,
    BAD_GATEWAY
  }

  Relay(EventLoop loop, int port) {
    this.loop = loop;
    this.port =
        new RelayPort(
            loop,
            port,
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel connection) {
                accept(connection);
              }
            });
  }

  @Override
  public SocketAddress address() {
    return port.address();
  }

  @Override
  public ServerBuilder<?> newServer() {
    return NettyServerBuilder.forAddress(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        InsecureServerCredentials.create());
  }

  @Override
  public void open(Server started) {
    SocketAddress behind =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), started.getPort());
    inLoop(() -> server = behind);
    if (!refusing) {
      port.open();
    }
    up = true;
  }

  @Override
  public void shut() {
    up = false;
    listenOrRefuse();
    // Behind these is no server that could say goodbye.
    inLoop(() -> all(Meets.SILENCE).forEach(Relay::reset));
    inLoop(() -> all(Meets.BAD_GATEWAY).forEach(Channel::close));
  }

  @Override
  public void cut() {
    up = false;
    try {
      listenOrRefuse();
    } finally {
      reset();
    }
  }

  @Override
  public boolean isPassable() {
    return !refusing && meets == Meets.SERVER;
  }

  @Override
  public Relay sockets(String fault) {
    return this;
  }

  @Override
  public void close() {
    try {
      cut();
    } finally {
      port.close();
    }
  }

  /** Refuses new connections until {@link #heal}. */
  void refuse() {
    refusing = true;
    listenOrRefuse();
  }

  /** Cuts every connection. */
  void reset() {
    inLoop(() -> List.copyOf(connections.keySet()).forEach(Relay::reset));
  }

  /** Lets new connections wait until {@link #heal}. */
  void hold() {
    meets = Meets.SILENCE;
  }

  /** Answers on new connections with an error page until {@link #heal}. */
  void answerBadGateway() {
    meets = Meets.BAD_GATEWAY;
  }

  /** Lets everybody through again, also those who wait; who has met the page is sent away. */
  void heal() {
    refusing = false;
    meets = Meets.SERVER;
    inLoop(
        () -> {
          all(Meets.SILENCE).forEach(this::connect);
          all(Meets.BAD_GATEWAY).forEach(Channel::close);
        });
    listenOrRefuse();
  }

  private void listenOrRefuse() {
    if (up && !refusing) {
      port.open();
    } else {
      port.shut();
    }
  }

  private void inLoop(Runnable change) {
    Future<?> done = loop.submit(change);
    if (!done.awaitUninterruptibly(Changes.PATIENCE.toSeconds(), SECONDS) || !done.isSuccess()) {
      throw new IllegalStateException("test cluster: a relay does not do as told", done.cause());
    }
  }

  private List<Channel> all(Meets what) {
    return connections.keySet().stream().filter(c -> connections.get(c) == what).toList();
  }

  private void accept(Channel client) {
    Meets met = meets;
    connections.put(client, met);
    client.closeFuture().addListener(closed -> connections.remove(client));
    switch (met) {
      case SERVER -> connect(client);
      case SILENCE -> {} // nothing is read: the client waits for HTTP/2
      case BAD_GATEWAY -> BadGateway.serve(client);
    }
  }

  private void connect(Channel client) {
    connections.put(client, Meets.SERVER);
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .handler(new RelayHalf(client))
        .connect(server)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  Channel behind = connected.channel();
                  if (connected.isSuccess() && client.isActive()) {
                    client.pipeline().addLast(new RelayHalf(behind));
                    client.read();
                    behind.read();
                  } else {
                    client.close();
                    behind.close();
                  }
                });
  }

  /** Closes a socket with RST in place of FIN, past HTTP/2 that would say GOAWAY. */
  private static void reset(Channel client) {
    client.config().setOption(ChannelOption.SO_LINGER, 0);
    ChannelHandlerContext first = client.pipeline().firstContext();
    if (first == null) {
      client.close();
    } else {
      first.close();
    }
  }
}
