package dev.tahini.rpc.interop;

import io.grpc.ForwardingChannelBuilder2;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.function.Supplier;

/**
 * What the suite may set on a channel of a client's: retries, which a client has switched on
 * already.
 */
final class ClientChannelBuilder extends ForwardingChannelBuilder2<ClientChannelBuilder> {
  private final Supplier<ManagedChannel> channels;

  ClientChannelBuilder(Supplier<ManagedChannel> channels) {
    this.channels = channels;
  }

  @Override
  public ClientChannelBuilder enableRetry() {
    return this;
  }

  @Override
  public ManagedChannel build() {
    return channels.get();
  }

  @Override
  protected ManagedChannelBuilder<?> delegate() {
    throw new UnsupportedOperationException("only enableRetry() and build() are expected");
  }
}
