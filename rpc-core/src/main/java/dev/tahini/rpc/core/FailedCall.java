package dev.tahini.rpc.core;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** A call that ends when it starts. */
final class FailedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {
  private final Status status;

  FailedCall(Status status) {
    this.status = status;
  }

  @Override
  public void start(Listener<RespT> listener, Metadata headers) {
    listener.onClose(status, new Metadata());
  }

  @Override
  public void request(int numMessages) {}

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {}

  @Override
  public void halfClose() {}

  @Override
  public void sendMessage(ReqT message) {}
}
