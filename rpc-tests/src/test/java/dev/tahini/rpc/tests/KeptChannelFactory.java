package dev.tahini.rpc.tests;

import dev.tahini.rpc.core.ChannelFactory;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingChannelBuilder2;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** The network's channels, kept so that a test can do to them what a client does not. */
final class KeptChannelFactory implements ChannelFactory {
  private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();

  /** The only one that was made. */
  ManagedChannel channel() {
    if (channels.size() != 1) {
      throw new AssertionError("not one channel but " + channels);
    }
    return channels.get(0);
  }

  /**
   * Waits until the channel's synchronization context has done what is queued, and what follows.
   */
  void awaitQueuedWork() {
    for (int round = 0; round < 10; round++) {
      CountDownLatch done = new CountDownLatch(1);
      // The channel is not in this state: it calls back at once, from the context.
      channel().notifyWhenStateChanged(ConnectivityState.SHUTDOWN, done::countDown);
      Await.until("the channel's queue to be worked off", () -> done.getCount() == 0);
    }
  }

  @Override
  public ManagedChannelBuilder<?> newChannelBuilder(
      String target, ChannelCredentials credentials, NameResolverProvider resolver) {
    return new Builder(
        ChannelFactory.network().newChannelBuilder(target, credentials, resolver), channels);
  }

  private static final class Builder extends ForwardingChannelBuilder2<Builder> {
    private final ManagedChannelBuilder<?> delegate;
    private final List<ManagedChannel> channels;

    Builder(ManagedChannelBuilder<?> delegate, List<ManagedChannel> channels) {
      this.delegate = delegate;
      this.channels = channels;
    }

    @Override
    protected ManagedChannelBuilder<?> delegate() {
      return delegate;
    }

    @Override
    public ManagedChannel build() {
      ManagedChannel built = super.build();
      channels.add(built);
      return built;
    }
  }
}
