package dev.tahini.rpc.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;

/** Answers every HTTP/2 request with a proxy's error page, as soon as its headers are there. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty closes what fails
final class BadGateway extends SimpleChannelInboundHandler<Http2Frame> {
  private static final String PAGE =
      "<html><head><title>502 Bad Gateway</title></head>"
          + "<body><h1>502 Bad Gateway</h1></body></html>\n";

  private BadGateway() {}

  /** Makes a connection one of HTTP/2 that has nothing but the page. */
  static void serve(Channel connection) {
    connection
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forServer()
                // gRPC resets each stream that is answered so: that is no attack.
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .build())
        .addLast(new BadGateway());
    connection.config().setAutoRead(true);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Http2Frame frame) {
    if (frame instanceof Http2HeadersFrame request) {
      answer(context, request.stream());
    } else if (frame instanceof Http2DataFrame data) {
      context.writeAndFlush(
          new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes())
              .stream(data.stream()));
    }
  }

  private static void answer(ChannelHandlerContext context, Http2FrameStream stream) {
    Http2Headers headers =
        new DefaultHttp2Headers().status("502").set("content-type", "text/html; charset=utf-8");
    context.write(new DefaultHttp2HeadersFrame(headers).stream(stream));
    context.writeAndFlush(
        new DefaultHttp2DataFrame(Unpooled.copiedBuffer(PAGE, UTF_8), true).stream(stream));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof Http2FrameStreamException)) {
      context.close();
    }
  }
}
