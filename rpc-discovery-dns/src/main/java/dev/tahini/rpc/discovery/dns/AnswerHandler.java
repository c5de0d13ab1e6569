package dev.tahini.rpc.discovery.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.util.concurrent.CompletableFuture;

/** Takes the first datagram, or the first frame, for the answer. */
final class AnswerHandler extends ChannelInboundHandlerAdapter {
  private final CompletableFuture<byte[]> answer;

  AnswerHandler(CompletableFuture<byte[]> answer) {
    this.answer = answer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      ByteBuf bytes =
          message instanceof ByteBufHolder datagram ? datagram.content() : (ByteBuf) message;
      answer.complete(ByteBufUtil.getBytes(bytes));
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    answer.completeExceptionally(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    answer.completeExceptionally(new EOFException("the connection was closed without an answer"));
  }
}
