package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** What gRPC asks of the channel's picker for one attempt. */
final class FakePickArgs extends PickSubchannelArgs {
  private final CallOptions options;

  FakePickArgs(CallOptions options) {
    this.options = options;
  }

  static FakePickArgs of(Pick pick) {
    return new FakePickArgs(CallOptions.DEFAULT.withOption(Pick.OPTION, pick));
  }

  static FakePickArgs of(Pick pick, Attempts attempts) {
    return new FakePickArgs(
        CallOptions.DEFAULT.withOption(Pick.OPTION, pick).withOption(Attempts.OPTION, attempts));
  }

  static FakePickArgs of(Pick pick, Pin pin) {
    return new FakePickArgs(
        CallOptions.DEFAULT.withOption(Pick.OPTION, pick).withOption(Pin.OPTION, pin));
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
