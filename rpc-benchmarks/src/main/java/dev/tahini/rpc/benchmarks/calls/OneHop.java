package dev.tahini.rpc.benchmarks.calls;

import static java.util.Objects.requireNonNull;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * On a channel with a direct executor: keeps what a unary call receives until the call ends, and
 * tells its listener all of it in one task. A sketch, to measure what that would spare: it knows
 * neither listeners that ask for the message late nor such that throw.
 */
record OneHop(Executor executor) implements ClientInterceptor {
  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    ClientCall<ReqT, RespT> call = next.newCall(method, options);
    if (method.getType() != MethodType.UNARY || options.getExecutor() != null) {
      return call;
    }
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void start(Listener<RespT> listener, Metadata headers) {
        super.start(new Kept<>(listener, executor), headers);
      }
    };
  }

  /** What came so far. Written on the event loop, then read by the task. */
  private static final class Kept<RespT> extends ClientCall.Listener<RespT> implements Runnable {
    private final ClientCall.Listener<RespT> listener;
    private final Executor executor;
    private final Context context = Context.current();
    private @Nullable Metadata headers;
    private @Nullable RespT message;
    private Status status = Status.UNKNOWN;
    private @Nullable Metadata trailers;

    Kept(ClientCall.Listener<RespT> listener, Executor executor) {
      this.listener = listener;
      this.executor = executor;
    }

    @Override
    public void onHeaders(Metadata headers) {
      this.headers = headers;
    }

    @Override
    public void onMessage(RespT message) {
      this.message = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      this.status = status;
      this.trailers = trailers;
      executor.execute(this);
    }

    @Override
    public void run() {
      Context before = context.attach();
      try {
        if (headers != null) {
          listener.onHeaders(headers);
        }
        if (message != null) {
          listener.onMessage(message);
        }
        listener.onClose(status, requireNonNull(trailers));
      } finally {
        context.detach(before);
      }
    }
  }
}
