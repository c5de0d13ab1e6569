package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import io.grpc.MethodDescriptor;

/** What an attempt asks of a picker. */
record FakeRequest(Pick pick, Attempts attempts) implements PickRequest {
  FakeRequest(Pick pick) {
    this(pick, Attempts.NONE);
  }

  @Override
  public MethodDescriptor<?, ?> method() {
    return ChannelState.NO_METHOD;
  }
}
