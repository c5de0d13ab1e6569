package dev.tahini.rpc.testing.lab;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Deadline;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call, from its pick to its end. Stands for gRPC's {@code ClientCallImpl}, {@code
 * DelayedClientTransport.PendingStream} and {@code PickSubchannelArgsImpl}, for one message each
 * way; flow control is not modelled.
 */
final class SimulatedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {
  private static final Status DEADLINE_EXCEEDED =
      Status.DEADLINE_EXCEEDED.withDescription("the call's deadline has passed");

  private final SimulatedChannel channel;
  private final MethodDescriptor<ReqT, RespT> method;
  private final CallOptions options;
  private Metadata headers = new Metadata();
  private @Nullable Listener<RespT> listener;
  private @Nullable CallRequest request;
  private @Nullable SimulatedStream stream;
  private @Nullable Future<?> deadline;
  private long sentNanos;
  private boolean halfClosed;
  private boolean ended;

  SimulatedCall(
      SimulatedChannel channel, MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    this.channel = channel;
    this.method = method;
    this.options = options;
  }

  CallOptions options() {
    return options;
  }

  PickSubchannelArgs pickArgs() {
    return new PickArgs();
  }

  private final class PickArgs extends PickSubchannelArgs {
    @Override
    public CallOptions getCallOptions() {
      return options;
    }

    @Override
    public Metadata getHeaders() {
      return headers;
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return method;
    }
  }

  @Override
  public void start(Listener<RespT> responseListener, Metadata headers) {
    if (listener != null) {
      throw new IllegalStateException("already started");
    }
    this.listener = responseListener;
    this.headers = headers;
    Deadline until = options.getDeadline();
    if (until == null) {
      channel.start(this);
    } else if (until.isExpired()) {
      fail(DEADLINE_EXCEEDED); // without a pick, as in gRPC
    } else {
      long nanos = until.timeRemaining(NANOSECONDS);
      deadline =
          channel.events().afterUnlessCancelled(Math.max(nanos, 0), () -> end(DEADLINE_EXCEEDED));
      channel.start(this);
    }
  }

  @Override
  public void request(int numMessages) {}

  @Override
  public void sendMessage(ReqT message) {
    if (!(message instanceof CallRequest modelled)) {
      throw new IllegalArgumentException("message: " + message + " (expected: a CallRequest)");
    }
    request = modelled;
  }

  @Override
  public void halfClose() {
    halfClosed = true;
    sendIfComplete();
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    end(Status.CANCELLED.withDescription(message).withCause(cause));
  }

  /** A backend was picked, and is connected. */
  void open(SimulatedTransport transport, ClientStreamTracer.@Nullable Factory tracer) {
    stream = SimulatedStream.open(transport, tracer, options, headers, this::closed);
    sendIfComplete();
  }

  private void sendIfComplete() {
    if (stream != null && request != null && halfClosed && !ended) {
      sentNanos = channel.events().nanos();
      channel.observer().attemptStarted(request, stream.server());
      stream.send(request);
    }
  }

  /** Ends without a backend; heard later, as through the executor of a real call. */
  void fail(Status status) {
    channel.events().after(0, () -> closed(status, new Metadata()));
  }

  /** Ends from the client's side. */
  private void end(Status status) {
    if (ended || listener == null) {
      return;
    }
    if (stream != null) {
      stream.cancel(status);
    } else {
      channel.cancelled(this);
      fail(status);
    }
  }

  private void closed(Status status, Metadata trailers) {
    Listener<RespT> hears = listener;
    if (ended || hears == null) {
      return;
    }
    ended = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (request != null) {
      if (stream == null) {
        channel.observer().attemptEnded(request, null, status, channel.events().nanos());
      } else {
        channel.observer().attemptEnded(request, stream.server(), status, sentNanos);
      }
    }
    if (status.isOk()) {
      hears.onHeaders(new Metadata());
      hears.onMessage(method.parseResponse(InputStream.nullInputStream()));
    }
    hears.onClose(status, trailers);
  }
}
