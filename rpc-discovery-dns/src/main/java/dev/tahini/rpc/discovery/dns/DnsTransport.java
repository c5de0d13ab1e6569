package dev.tahini.rpc.discovery.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.io.TcpIoClient;
import org.xbill.DNS.io.UdpIoClient;

/**
 * The sockets under the DNS library: one for each query, from a port of the kernel's choice (RFC
 * 5452), and connected, so that only the server's datagrams come in. One daemon thread for all of
 * them, which starts with the first query. Thread-safe.
 */
final class DnsTransport implements UdpIoClient, TcpIoClient, AutoCloseable {
  private static final int MOST_SOCKETS = 256;
  private static final int LENGTH_BYTES = 2;

  /** One loop and no group, the end of which Netty would tell on a thread that is no daemon. */
  private final EventLoop loop =
      new SingleThreadIoEventLoop(
          null,
          new DefaultThreadFactory("tahini-dns", /* daemon= */ true),
          NioIoHandler.newFactory());

  private final Turns turns = new Turns(MOST_SOCKETS);

  @Override
  public CompletableFuture<byte[]> sendAndReceiveUdp(
      @Nullable InetSocketAddress local,
      InetSocketAddress remote,
      Message query,
      byte[] data,
      int max,
      Duration timeout) {
    Bootstrap datagrams =
        new Bootstrap()
            .channel(NioDatagramChannel.class)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(max));
    return exchange(datagrams, remote, data, timeout, List.of());
  }

  @Override
  public CompletableFuture<byte[]> sendAndReceiveTcp(
      @Nullable InetSocketAddress local,
      InetSocketAddress remote,
      Message query,
      byte[] data,
      Duration timeout) {
    Bootstrap connection =
        new Bootstrap()
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0); // there is the query's own
    return exchange(
        connection,
        remote,
        data,
        timeout,
        List.of(
            () -> new LengthFieldPrepender(LENGTH_BYTES),
            () ->
                new LengthFieldBasedFrameDecoder(
                    LENGTH_BYTES + Message.MAXLENGTH, 0, LENGTH_BYTES, 0, LENGTH_BYTES)));
  }

  private CompletableFuture<byte[]> exchange(
      Bootstrap socket,
      InetSocketAddress remote,
      byte[] query,
      Duration timeout,
      List<Supplier<ChannelHandler>> framing) {
    return turns.take(
        () -> {
          CompletableFuture<byte[]> answer = new CompletableFuture<>();
          try {
            ChannelFuture connected =
                socket.group(loop).handler(new Pipeline(framing, answer)).connect(remote);
            end(connected.channel(), answer, timeout);
            send(query, connected, answer);
          } catch (RuntimeException e) { // closed meanwhile, or no socket is left
            answer.completeExceptionally(new IOException(e));
          }
          return answer;
        });
  }

  /** Closes the socket when the answer is there, or does not come in time. */
  private void end(Channel socket, CompletableFuture<byte[]> answer, Duration timeout) {
    Future<?> deadline =
        loop.schedule(
            () -> answer.completeExceptionally(new SocketTimeoutException()),
            timeout.toNanos(),
            TimeUnit.NANOSECONDS);
    var unused =
        answer.whenComplete(
            (bytes, failure) -> {
              deadline.cancel(false);
              close(socket);
            });
  }

  private static void send(
      byte[] query, ChannelFuture connected, CompletableFuture<byte[]> answer) {
    connected.addListener(
        opened -> {
          if (opened.isSuccess()) {
            connected
                .channel()
                .writeAndFlush(Unpooled.wrappedBuffer(query))
                .addListener(sent -> failIfFailed(sent, answer));
          } else {
            failIfFailed(opened, answer);
          }
        });
  }

  private static void failIfFailed(Future<?> done, CompletableFuture<byte[]> answer) {
    if (!done.isSuccess()) {
      answer.completeExceptionally(done.cause());
    }
  }

  private static void close(Channel socket) {
    var unused = socket.close();
  }

  /** Ends the thread; queries under way fail. Does not wait. */
  @Override
  public void close() {
    var unused = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
  }

  /** What a socket's bytes pass through. */
  private static final class Pipeline extends ChannelInitializer<Channel> {
    private final List<Supplier<ChannelHandler>> framing;
    private final CompletableFuture<byte[]> answer;

    Pipeline(List<Supplier<ChannelHandler>> framing, CompletableFuture<byte[]> answer) {
      this.framing = framing;
      this.answer = answer;
    }

    @Override
    protected void initChannel(Channel channel) {
      framing.forEach(part -> channel.pipeline().addLast(part.get()));
      channel.pipeline().addLast(new AnswerHandler(answer));
    }
  }
}
