package dev.tahini.rpc.core;

import dev.tahini.rpc.Pick;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** What gRPC asks of the channel's picker for one attempt. */
final class PickArgs extends PickSubchannelArgs {
  private final CallOptions options;

  PickArgs(Pick pick) {
    options = CallOptions.DEFAULT.withOption(Pick.OPTION, pick);
  }

  @Override
  public CallOptions getCallOptions() {
    return options;
  }

  @Override
  public Metadata getHeaders() {
    return new Metadata();
  }

  @Override
  public MethodDescriptor<?, ?> getMethodDescriptor() {
    return ChannelState.NO_METHOD;
  }
}
