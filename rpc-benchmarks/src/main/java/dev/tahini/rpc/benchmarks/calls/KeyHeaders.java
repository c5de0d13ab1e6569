package dev.tahini.rpc.benchmarks.calls;

import dev.tahini.rpc.benchmarks.harness.BenchmarkCall;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.ThreadLocalRandom;

/** Gives each call a key of its own, in the header that {@code ring_hash} looks at. */
final class KeyHeaders implements ClientInterceptor {
  private static final Metadata.Key<String> KEY =
      Metadata.Key.of(BenchmarkCall.KEY_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private KeyHeaders() {}

  static Channel on(Channel channel) {
    return ClientInterceptors.intercept(channel, new KeyHeaders());
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<RespT> listener, Metadata headers) {
        headers.put(KEY, Integer.toString(ThreadLocalRandom.current().nextInt(1000)));
        super.start(listener, headers);
      }
    };
  }
}
