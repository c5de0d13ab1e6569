package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Hears what passes: calls before the feature that retries them, attempts behind it.
 *
 * @param onStart asked when one starts, for who hears its end
 */
record Ear(Supplier<Consumer<Status>> onStart) implements ClientFeature, ClientInterceptor {

  @Override
  public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
    return List.of(this);
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<RespT> listener, Metadata headers) {
        super.start(new Ending<>(listener, onStart.get()), headers);
      }
    };
  }

  private static final class Ending<RespT> extends SimpleForwardingClientCallListener<RespT> {
    private final Consumer<Status> onEnd;

    Ending(ClientCall.Listener<RespT> listener, Consumer<Status> onEnd) {
      super(listener);
      this.onEnd = onEnd;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      onEnd.accept(status);
      super.onClose(status, trailers);
    }
  }
}
