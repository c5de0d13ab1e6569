package dev.tahini.rpc.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tahini.rpc.core.ChannelFactory;
import io.grpc.InsecureChannelCredentials;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of the loopback address, relayed by two threads. Its channels are in plaintext, whatever
 * credentials a client has: so are the servers.
 */
final class LoopbackTransport implements Transport {
  private static final int THREADS = 2;

  private final ChannelFactory channelFactory =
      (target, credentials, resolver) ->
          ChannelFactory.network()
              .newChannelBuilder(target, InsecureChannelCredentials.create(), resolver);
  private final EventLoopGroup relays;

  /**
   * Begins without a backend.
   *
   * @param cluster what its threads are named after
   */
  LoopbackTransport(String cluster) {
    this.relays =
        new MultiThreadIoEventLoopGroup(
            THREADS, new DaemonThreads("relay", cluster), NioIoHandler.newFactory());
  }

  @Override
  public Front newFront(String backend, @Nullable Integer port) {
    return new Relay(relays.next(), port == null ? 0 : port);
  }

  @Override
  public ChannelFactory channelFactory() {
    return channelFactory;
  }

  @Override
  public void close() throws InterruptedException {
    long patience = Changes.PATIENCE.toSeconds();
    if (!relays.shutdownGracefully(0, patience, SECONDS).await(patience, SECONDS)) {
      throw new IllegalStateException("the relays have not ended after " + patience + " s");
    }
  }
}
