package dev.tahini.rpc.core;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/** Gives the calls through a channel an option that they do not have themselves. */
record AddOption<V>(CallOptions.Key<V> option, V value) implements ClientInterceptor {
  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    boolean given = options.getOption(option) != CallOptions.DEFAULT.getOption(option);
    return next.newCall(method, given ? options : options.withOption(option, value));
  }
}
