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
import org.jspecify.annotations.Nullable;

/**
 * Counts one attempt on its backend, from the moment its stream is made. gRPC makes one for each
 * stream, also for its own transparent retries. It creates a stream on the thread that made the
 * tracer and closes it afterwards, once, on whatever thread; or closes one that never was.
 */
final class AttemptTracer extends ClientStreamTracer {
  private final ChannelState channel;
  private final LiveBackend backend;
  private final CallOptions options;
  private final @Nullable Deadline contextDeadline;
  private long startNanos = BackendStats.UNTIMED;
  private boolean created;
  private boolean sent;
  private boolean answered;
  private boolean closed;

  private AttemptTracer(ChannelState channel, LiveBackend backend, CallOptions options) {
    this.channel = channel;
    this.backend = backend;
    this.options = options;
    this.contextDeadline = Context.current().getDeadline();
  }

  @Override
  public void streamCreated(Attributes transportAttributes, Metadata headers) {
    if (!created && !closed) {
      noteCreated();
      count();
      tell();
    }
  }

  @Override
  public void outboundHeaders() {
    sent = true;
  }

  @Override
  public void inboundHeaders() {
    answered = true;
  }

  @Override
  public void inboundTrailers(Metadata trailers) {
    answered = true;
  }

  @Override
  public void streamClosed(Status status) {
    tellCall(status);
    if (created && !closed) {
      end(status);
    }
    closed = true;
  }

  /** A transport has it. */
  void noteCreated() {
    created = true;
  }

  /** Whether a server may have seen it, for the call to begin anew if none did. */
  void tellCall(Status status) {
    if (!status.isOk()) {
      Attempts attempts = options.getOption(Attempts.OPTION);
      if (attempts != Attempts.NONE) {
        attempts.ended(status, TransportWords.fate(status, created, sent, answered));
      }
    }
  }

  /** It is in flight. Most are not timed, unless somebody wants to hear of each. */
  void count() {
    startNanos = backend.stats().start(channel.ticker(), channel.events().heard());
  }

  /** As if it had never been counted. */
  void uncount() {
    backend.stats().uncount();
  }

  /** Says where it went, to all who want to know. */
  void tell() {
    Attempts attempts = options.getOption(Attempts.OPTION);
    if (attempts != Attempts.NONE) {
      channel.linkCalls();
      attempts.add(backend);
    }
    Pin pin = channel.linksCalls() ? options.getOption(Pin.OPTION) : null;
    if (pin != null) {
      pin.fix(backend);
    }
    if (channel.events().heard()) {
      channel.events().picked(this, options.getOption(Pick.OPTION), backend);
    }
  }

  /** It is in flight no more. */
  void end(Status status) {
    boolean timed = startNanos != BackendStats.UNTIMED;
    long tookNanos = timed ? channel.ticker().nanoTime() - startNanos : BackendStats.UNTIMED;
    Status seen = asTheCallerSeesIt(status);
    backend.stats().end(seen, tookNanos);
    if (timed && channel.events().heard()) {
      Pick pick = options.getOption(Pick.OPTION);
      channel.events().attemptEnded(this, pick, backend, seen, tookNanos);
    }
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
    private final boolean hasCredentials;

    /**
     * Makes tracers.
     *
     * @param hasCredentials whether all calls of the channel have credentials
     */
    Factory(ChannelState channel, LiveBackend backend, boolean hasCredentials) {
      this.channel = channel;
      this.backend = backend;
      this.hasCredentials = hasCredentials;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
      CallOptions options = info.getCallOptions();
      AttemptTracer tracer = new AttemptTracer(channel, backend, options);
      boolean waits = hasCredentials || options.getCredentials() != null || channel.isPublishing();
      return waits ? new BufferedAttemptTracer(tracer) : tracer;
    }
  }
}
