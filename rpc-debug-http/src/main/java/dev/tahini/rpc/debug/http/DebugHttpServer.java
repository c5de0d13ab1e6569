package dev.tahini.rpc.debug.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Serves {@link DebugPages} over HTTP/1.1, with one daemon thread for all readers: slow ones and
 * streams hold none. Each has limits: 8 KiB for a request line, 16 KiB for headers, no body, 10 s
 * for a request to arrive, 30 s for an answer to be read; all together may have 256 connections and
 * 8 streams of events.
 *
 * <p>Thread-safe.
 */
public final class DebugHttpServer implements AutoCloseable {
  private static final String THREAD = "tahini-debug-http";

  private final EventLoopGroup loop;
  private final Channel port;
  private final OpenConnections connections;

  private DebugHttpServer(EventLoopGroup loop, Channel port, OpenConnections connections) {
    this.loop = loop;
    this.port = port;
    this.connections = connections;
  }

  /**
   * Begins to listen.
   *
   * @param options where
   * @param pages who answers
   * @return the server; to be closed
   * @throws IllegalStateException if it cannot listen there, with the address and the reason
   */
  public static DebugHttpServer start(DebugHttpOptions options, DebugPages pages) {
    return start(options.address(), pages::answer, Limits.USUAL);
  }

  static DebugHttpServer start(InetSocketAddress address, Answers answers, Limits limits) {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(THREAD, true), NioIoHandler.newFactory());
    OpenConnections connections = new OpenConnections(limits);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            codec(),
                            new FlowControlHandler(),
                            new DebugConnection(answers, connections, limits));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      end(loop);
      throw new IllegalStateException(
          "The debug page cannot listen on " + text(address) + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return new DebugHttpServer(loop, bound.channel(), connections);
  }

  private static HttpServerCodec codec() {
    return new HttpServerCodec(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(Limits.REQUEST_LINE_BYTES)
            .setMaxHeaderSize(Limits.HEADER_BYTES));
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + " port " + address.getPort();
  }

  /**
   * Where it listens.
   *
   * @return with the port that was found where 0 was asked for
   */
  public InetSocketAddress address() {
    return (InetSocketAddress) port.localAddress();
  }

  /** Cuts all connections and frees the port before it returns. Idempotent. */
  @Override
  public void close() {
    port.close().awaitUninterruptibly();
    if (!loop.isShuttingDown()) {
      loop.execute(this::cut);
    }
    end(loop);
  }

  private void cut() {
    for (Channel each : connections.all()) {
      ChannelFuture unused = each.close();
    }
  }

  private static void end(EventLoopGroup loop) {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
