package dev.tahini.rpc.core;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/**
 * Makes calls again that no server has seen, as gRPC's own retries would, for a fraction of their
 * allocations: those that send one message, unary and server-streaming. What is made again is gRFC
 * A6's: what never left the client, up to a limit, and once what a server refused.
 */
final class TransparentRetry implements ClientInterceptor {
  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    return method.getType().clientSendsOneMessage()
        ? new ReplayedCall<>(method, options, next)
        : next.newCall(method, options);
  }
}
