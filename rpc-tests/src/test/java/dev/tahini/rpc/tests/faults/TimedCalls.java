package dev.tahini.rpc.tests.faults;

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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Notes how long calls took and how they ended. Thread-safe. */
final class TimedCalls implements ClientInterceptor {
  private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();

  /**
   * A call that has ended.
   *
   * @param startNanos by the system's clock
   */
  record Ended(long startNanos, long durationNanos, Status status) {}

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        long start = System.nanoTime();
        super.start(
            new SimpleForwardingClientCallListener<A>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                ended.add(new Ended(start, System.nanoTime() - start, status));
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }

  /** What has ended since this was asked last. */
  List<Ended> take() {
    List<Ended> taken = List.copyOf(ended);
    taken.forEach(ended::remove);
    return taken;
  }
}
