package dev.tahini.rpc.core;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * Tells of whole calls, outside of what features make of them: several attempts are one call, and a
 * call that finds no backend is one, too. Only where somebody listens.
 */
final class CallWatch implements ClientInterceptor {
  private final ClientEvents events;
  private final Deadline.Ticker ticker;

  CallWatch(ClientEvents events, Deadline.Ticker ticker) {
    this.events = events;
    this.ticker = ticker;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        WatchedEnd<A> end = new WatchedEnd<>(listener, method, ticker.nanoTime());
        events.callStarted(method);
        try {
          super.start(end, headers);
        } catch (RuntimeException | Error e) {
          end.end(Status.fromThrowable(e)); // such a call has no other end
          throw e;
        }
      }
    };
  }

  private final class WatchedEnd<A> extends SimpleForwardingClientCallListener<A> {
    private final MethodDescriptor<?, ?> method;
    private final long startNanos;
    private volatile boolean ended;

    WatchedEnd(ClientCall.Listener<A> listener, MethodDescriptor<?, ?> method, long startNanos) {
      super(listener);
      this.method = method;
      this.startNanos = startNanos;
    }

    void end(Status status) {
      if (!ended) {
        ended = true;
        events.callEnded(method, status, ticker.nanoTime() - startNanos);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end(status);
      super.onClose(status, trailers);
    }
  }
}
