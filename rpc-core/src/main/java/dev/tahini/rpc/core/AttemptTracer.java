package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts one attempt on its backend. gRPC makes one for each stream, also for its own transparent
 * retries.
 *
 * <p>An attempt counts from the moment its stream is made. A stream that is made while waiting
 * calls are picked again is an exception: the call may have been cancelled meanwhile, and gRPC then
 * drops the stream without a word. Such an attempt counts from its first bytes.
 */
final class AttemptTracer extends ClientStreamTracer {
  private static final VarHandle STAGE;

  static {
    try {
      STAGE = MethodHandles.lookup().findVarHandle(AttemptTracer.class, "stage", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int NEW = 0;
  private static final int OPEN = 1;
  private static final int CLOSED = 2;

  private final ChannelState channel;
  private final LiveBackend backend;
  private final CallOptions options;
  private final @Nullable Deadline contextDeadline;
  private final boolean mayBeDropped;
  private long startNanos;

  @SuppressWarnings("UnusedVariable") // through STAGE
  private volatile int stage = NEW;

  private AttemptTracer(ChannelState channel, LiveBackend backend, CallOptions options) {
    this.channel = channel;
    this.backend = backend;
    this.options = options;
    this.contextDeadline = Context.current().getDeadline();
    this.mayBeDropped = channel.isPublishing();
  }

  @Override
  public void streamCreated(Attributes transportAttributes, Metadata headers) {
    if (!mayBeDropped) {
      open();
    }
  }

  @Override
  public void outboundHeaders() {
    if (mayBeDropped) {
      open();
    }
  }

  private void open() {
    startNanos = channel.sources().time().ticker().nanoTime();
    if (!STAGE.compareAndSet(this, NEW, OPEN)) {
      return;
    }
    options.getOption(Attempts.OPTION).add(backend);
    backend.stats().start();
    Pin pin = options.getOption(Pin.OPTION);
    if (pin != null) {
      pin.fix(backend);
    }
    channel.events().picked(this, options.getOption(Pick.OPTION), backend);
  }

  @Override
  public void streamClosed(Status status) {
    int before = (int) STAGE.getAndSet(this, CLOSED);
    if (before != OPEN) {
      return;
    }
    long tookNanos = channel.sources().time().ticker().nanoTime() - startNanos;
    Status seen = asTheCallerSeesIt(status);
    backend.stats().end(seen, tookNanos);
    Pick pick = options.getOption(Pick.OPTION);
    channel.events().attemptEnded(this, pick, backend, seen, tookNanos);
  }

  /** gRPC's retries end an attempt whose deadline has passed by cancelling its stream. */
  private Status asTheCallerSeesIt(Status status) {
    boolean late =
        status.getCode() == Status.Code.CANCELLED
            && (hasPassed(options.getDeadline()) || hasPassed(contextDeadline));
    return late
        ? Status.DEADLINE_EXCEEDED
            .withDescription(status.getDescription())
            .withCause(status.getCause())
        : status;
  }

  private static boolean hasPassed(@Nullable Deadline deadline) {
    return deadline != null && deadline.isExpired();
  }

  /** Makes the tracers of one backend's attempts; one goes with the backend's pick results. */
  static final class Factory extends ClientStreamTracer.Factory {
    private final ChannelState channel;
    private final LiveBackend backend;

    Factory(ChannelState channel, LiveBackend backend) {
      this.channel = channel;
      this.backend = backend;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
      return new AttemptTracer(channel, backend, info.getCallOptions());
    }
  }
}
