package dev.tahini.rpc.core;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call with one message that begins anew where no server saw its attempt. What its caller does is
 * noted until an answer comes; the next attempt catches up with that, on the thread of the last
 * one's callbacks.
 *
 * <p>The script's monitor guards it and which attempt is the call's; nothing foreign runs under it.
 * While the attempt catches up, what the caller does is noted only. An attempt that ends meanwhile
 * has a successor, and stops.
 */
final class ReplayedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {
  /** Where the tracer of an attempt finds its call. */
  static final CallOptions.Key<@Nullable ReplayedCall<?, ?>> OPTION =
      CallOptions.Key.create("dev.tahini.rpc.core.ReplayedCall");

  /** gRPC allows 1000; who needs more than a few tries has another problem. */
  static final int MOST_UNSENT = 100;

  private final MethodDescriptor<ReqT, RespT> method;
  private final CallOptions options;
  private final Channel next;
  private final CallScript<ReqT> script = new CallScript<>();
  private ClientCall<ReqT, RespT> attempt;
  private int unsent;
  private boolean wasRefused;
  private boolean isStarting;
  private boolean isCatchingUp;
  private boolean isSettled;
  private boolean hasEnded;
  private @Nullable Status attemptsStatus;
  private @Nullable AttemptFate attemptsFate;

  ReplayedCall(MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    this.method = method;
    this.next = next;
    this.options = options.withOption(OPTION, this);
    this.attempt = next.newCall(method, this.options);
  }

  @Override
  public void start(Listener<RespT> listener, Metadata headers) {
    attempt.start(new AttemptListener(listener, copyOf(headers)), headers);
  }

  /** gRPC and credentials add to what an attempt was given. */
  private static Metadata copyOf(Metadata headers) {
    Metadata copy = new Metadata();
    copy.merge(headers);
    return copy;
  }

  /**
   * Its tracer knows what became of an attempt, just before its listener hears that it ended. There
   * may be several, where something below makes attempts of its own: one that was processed counts.
   *
   * @param status the one that the listener will hear, if this is the attempt that it hears of
   */
  void attemptEnded(Status status, AttemptFate fate) {
    synchronized (script) {
      if (attemptsFate != AttemptFate.PROCESSED) {
        attemptsStatus = status;
        attemptsFate = fate;
      }
    }
  }

  private final class AttemptListener extends Listener<RespT> {
    private final Listener<RespT> callers;
    private final Metadata headers;

    AttemptListener(Listener<RespT> callers, Metadata headers) {
      this.callers = callers;
      this.headers = headers;
    }

    @Override
    public void onHeaders(Metadata answer) {
      settle();
      callers.onHeaders(answer);
    }

    @Override
    public void onMessage(RespT message) {
      callers.onMessage(message);
    }

    @Override
    public void onReady() {
      synchronized (script) {
        isStarting = false; // before start() has returned, and the caller will ask
      }
      callers.onReady();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!mayBeginAnew(status)) {
        end(status, trailers);
        return;
      }
      try {
        beginAnew(this, headers);
      } catch (RuntimeException | Error e) { // of something below, which gRPC logs
        end(status, trailers);
        throw e;
      }
    }

    private void end(Status status, Metadata trailers) {
      synchronized (script) {
        if (hasEnded) {
          return;
        }
        hasEnded = true;
      }
      settle();
      callers.onClose(status, trailers);
    }
  }

  @SuppressWarnings("ReferenceEquality") // an equal status may be another attempt's
  private boolean mayBeginAnew(Status status) {
    synchronized (script) {
      AttemptFate fate = attemptsStatus == status ? attemptsFate : null;
      if (fate == null || isSettled || script.isCancelled()) {
        return false;
      }
      return switch (fate) {
        case PROCESSED -> false;
        case NEVER_SENT -> ++unsent <= MOST_UNSENT;
        case REFUSED -> {
          boolean isFirst = !wasRefused;
          wasRefused = true;
          yield isFirst;
        }
      };
    }
  }

  private void beginAnew(AttemptListener listener, Metadata headers) {
    ClientCall<ReqT, RespT> another = next.newCall(method, options);
    CallScript<ReqT>.Reading reading;
    synchronized (script) {
      attempt = another;
      isStarting = true;
      isCatchingUp = true;
      reading = script.new Reading();
    }
    try {
      another.start(listener, copyOf(headers));
      catchUp(another, reading);
    } catch (RuntimeException | Error e) {
      another.cancel("it cannot be made again", e);
      throw e;
    }
  }

  private void catchUp(ClientCall<ReqT, RespT> another, CallScript<ReqT>.Reading reading) {
    while (true) {
      Consumer<ClientCall<ReqT, ?>> step;
      synchronized (script) {
        if (attempt != another) {
          return;
        }
        isStarting = false;
        step = reading.next();
        if (step == null) {
          isCatchingUp = false;
          forgetIfSettled();
          return;
        }
      }
      step.accept(another);
    }
  }

  /** No attempt follows. */
  private void settle() {
    synchronized (script) {
      isSettled = true;
      forgetIfSettled();
    }
  }

  private void forgetIfSettled() {
    if (isSettled && !isCatchingUp) {
      script.forget();
    }
  }

  private boolean isNoted() {
    return !isSettled || isCatchingUp;
  }

  /** Whom the caller's doings reach at once; nobody while the attempt catches up. */
  private @Nullable ClientCall<ReqT, RespT> reached() {
    return isCatchingUp ? null : attempt;
  }

  @Override
  public void request(int messages) {
    ClientCall<ReqT, RespT> reached;
    synchronized (script) {
      if (isNoted()) {
        script.request(messages);
      }
      reached = reached();
    }
    if (reached != null) {
      reached.request(messages);
    }
  }

  @Override
  public void sendMessage(ReqT message) {
    ClientCall<ReqT, RespT> reached;
    synchronized (script) {
      if (isNoted() && !script.send(message)) {
        isSettled = true; // a second one, which the server will refuse
      }
      reached = reached();
    }
    if (reached != null) {
      reached.sendMessage(message);
    }
  }

  @Override
  public void halfClose() {
    ClientCall<ReqT, RespT> reached;
    synchronized (script) {
      script.halfClose();
      reached = reached();
    }
    if (reached != null) {
      reached.halfClose();
    }
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    ClientCall<ReqT, RespT> reached;
    synchronized (script) {
      script.cancel(message, cause);
      reached = reached();
    }
    if (reached != null) {
      reached.cancel(message, cause);
    }
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    ClientCall<ReqT, RespT> reached;
    synchronized (script) {
      script.compress(enabled);
      reached = reached();
    }
    if (reached != null) {
      reached.setMessageCompression(enabled);
    }
  }

  @Override
  public boolean isReady() {
    ClientCall<ReqT, RespT> asked;
    synchronized (script) {
      asked = isStarting ? null : attempt;
    }
    return asked != null && asked.isReady();
  }

  @Override
  public Attributes getAttributes() {
    ClientCall<ReqT, RespT> asked;
    synchronized (script) {
      asked = attempt;
    }
    return asked.getAttributes();
  }
}
