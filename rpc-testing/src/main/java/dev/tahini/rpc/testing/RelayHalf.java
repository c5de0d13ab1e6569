package dev.tahini.rpc.testing;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * One direction of a relayed connection: what it reads it writes to the peer, and reads on when
 * that is written. In the event loop of both.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty closes what fails
final class RelayHalf extends ChannelInboundHandlerAdapter {
  private final Channel peer;

  RelayHalf(Channel peer) {
    this.peer = peer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    peer.writeAndFlush(bytes)
        .addListener(
            written -> {
              if (written.isSuccess()) {
                context.read();
              } else {
                context.close();
              }
            });
  }

  /** The peer ends when it has written what came before. */
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable lost) {
    context.close();
  }
}
