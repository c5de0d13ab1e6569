package dev.tahini.rpc.debug.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection: takes a request after the other, each within its time, and sends what is
 * answered. For the server's one thread. While an answer is being sent nothing is read; requests
 * sent ahead wait their turn in the {@code FlowControlHandler} before it.
 */
final class DebugConnection extends SimpleChannelInboundHandler<HttpObject> {
  private static final System.Logger logger = System.getLogger(DebugConnection.class.getName());

  private final Answers answers;
  private final OpenConnections connections;
  private final Limits limits;
  private @Nullable Future<?> deadline;
  private boolean awaitsPart;
  private boolean streaming;

  DebugConnection(Answers answers, OpenConnections connections, Limits limits) {
    this.answers = answers;
    this.connections = connections;
    this.limits = limits;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    connections.add(context.channel());
    awaitRequest(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stopClock();
    connections.remove(context.channel());
  }

  private void awaitRequest(ChannelHandlerContext context) {
    connections.waits(context.channel());
    closeAfter(context, limits.request());
    read(context);
  }

  private void read(ChannelHandlerContext context) {
    awaitsPart = true;
    context.read();
  }

  /** What was read may not have been a whole part. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (awaitsPart) {
      context.read();
    }
  }

  private void closeAfter(ChannelHandlerContext context, Duration time) {
    stopClock();
    deadline =
        context.executor().schedule(() -> close(context), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }

  private void stopClock() {
    Future<?> running = deadline;
    if (running != null) {
      running.cancel(false);
      deadline = null;
    }
  }

  /** Parts come on demand: the next request is asked for when this one's answer has left. */
  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    awaitsPart = false;
    if (!(part instanceof HttpRequest request)) {
      read(context); // that was the last request's end
    } else if (!streaming) { // whoever reads a stream has nothing more to ask for
      connections.isServed(context.channel());
      answer(context, request);
    }
  }

  private void answer(ChannelHandlerContext context, HttpRequest request) {
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    if (request.decoderResult().isFailure()) {
      send(context, refusal(request.decoderResult().cause()), isHead, false);
    } else if (hasBody(request)) {
      send(context, DebugResponse.text(413, "body: (expected: none)"), isHead, false);
    } else {
      DebugResponse response = ask(context, request);
      if (response.events() == null || isHead) {
        send(context, response, isHead, HttpUtil.isKeepAlive(request));
      } else {
        stream(context, response, response.events());
      }
    }
  }

  private static DebugResponse refusal(Throwable why) {
    if (why instanceof TooLongHttpLineException) {
      return DebugResponse.text(
          414,
          "request line: too long (expected: " + Limits.REQUEST_LINE_BYTES + " bytes at most)");
    }
    if (why instanceof TooLongHttpHeaderException) {
      return DebugResponse.text(
          431, "headers: too long (expected: " + Limits.HEADER_BYTES + " bytes at most)");
    }
    return DebugResponse.text(400, "request: not understood (expected: HTTP/1.1)");
  }

  private static boolean hasBody(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || !request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
  }

  private DebugResponse ask(ChannelHandlerContext context, HttpRequest request) {
    try {
      return answers.answer(requestOf(context, request));
    } catch (RuntimeException | Error e) {
      logger.log(Level.WARNING, "{0} {1} failed", request.method(), request.uri(), e);
      return DebugResponse.text(500, "The page failed; the log of this program says why.");
    }
  }

  private static DebugRequest requestOf(ChannelHandlerContext context, HttpRequest request) {
    String uri = request.uri();
    int mark = uri.indexOf('?');
    Map<String, String> headers = new LinkedHashMap<>();
    request.headers().forEach(header -> headers.putIfAbsent(header.getKey(), header.getValue()));
    InetAddress remote =
        context.channel().remoteAddress() instanceof InetSocketAddress address
            ? address.getAddress()
            : null;
    return new DebugRequest(
        request.method().name(),
        mark < 0 ? uri : uri.substring(0, mark),
        mark < 0 ? "" : uri.substring(mark + 1),
        headers,
        remote);
  }

  private void send(
      ChannelHandlerContext context, DebugResponse response, boolean isHead, boolean keepAlive) {
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
    response.headers().forEach(message.headers()::set);
    if (response.events() == null) {
      message.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    }
    HttpUtil.setKeepAlive(message, keepAlive);
    closeAfter(context, limits.answer());
    ChannelFuture unused =
        context
            .writeAndFlush(message)
            .addListener(
                done -> {
                  if (keepAlive) {
                    awaitRequest(context);
                  } else {
                    close(context);
                  }
                });
  }

  private void stream(
      ChannelHandlerContext context, DebugResponse response, DebugResponse.Events events) {
    if (!connections.tryStream(context.channel())) {
      String full = "streams: " + limits.streams() + " are open (expected: fewer)";
      send(context, DebugResponse.text(503, full), false, true);
      return;
    }
    HttpResponse head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
    response.headers().forEach(head.headers()::set);
    HttpUtil.setTransferEncodingChunked(head, true);
    ChannelFuture unused = context.write(head);
    streaming = true;
    stopClock();
    next(context, events);
    read(context); // to hear of the end
  }

  /** Sends an event; the next one goes out a tick after this one has left. */
  private void next(ChannelHandlerContext context, DebugResponse.Events events) {
    if (!context.channel().isActive()) {
      return;
    }
    byte[] event;
    try {
      event = events.next();
    } catch (RuntimeException | Error e) {
      logger.log(Level.WARNING, "A stream of events failed", e);
      close(context); // without the last piece, so that the reader knows
      return;
    }
    HttpContent piece = new DefaultHttpContent(Unpooled.wrappedBuffer(event));
    closeAfter(context, limits.answer());
    ChannelFuture unused =
        context.writeAndFlush(piece).addListener(done -> afterTick(context, events));
  }

  private void afterTick(ChannelHandlerContext context, DebugResponse.Events events) {
    stopClock();
    if (context.channel().isActive()) {
      deadline =
          context
              .executor()
              .schedule(() -> next(context, events), limits.tick().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** A reader that resets its connection is no news. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    logger.log(Level.DEBUG, "A connection failed", cause);
    close(context);
  }
}
