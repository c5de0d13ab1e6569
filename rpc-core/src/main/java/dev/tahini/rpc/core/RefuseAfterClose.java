package dev.tahini.rpc.core;

import dev.tahini.rpc.Target;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.BooleanSupplier;

/**
 * The outermost interceptor. Says more than the channel's own "Channel shutdown invoked", and holds
 * for a client whose channel others still have.
 */
record RefuseAfterClose(Target target, BooleanSupplier closed) implements ClientInterceptor {
  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    return closed.getAsBoolean()
        ? new FailedCall<>(Status.UNAVAILABLE.withDescription(target + ": the client is closed"))
        : next.newCall(method, options);
  }
}
