package dev.tahini.rpc.retry;

import io.grpc.ClientCall;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a call with one message did so far, for another attempt to do the same. Not
 * thread-safe; {@link RetriedCall} guards it.
 */
final class CallScript<ReqT> {
  private @Nullable ReqT message;
  private @Nullable Boolean compression;
  private @Nullable Cancelled cancelled;
  private int requested;
  private boolean halfClosed;

  private record Cancelled(@Nullable String message, @Nullable Throwable cause) {}

  void request(int messages) {
    requested = (int) Math.min((long) requested + Math.max(messages, 0), Integer.MAX_VALUE);
  }

  /** Takes the message; false if it has one. */
  boolean send(ReqT sent) {
    if (message != null) {
      return false;
    }
    message = sent;
    return true;
  }

  /** Of the message that is still to be sent. */
  void compress(boolean enabled) {
    if (message == null) {
      compression = enabled;
    }
  }

  void halfClose() {
    halfClosed = true;
  }

  void cancel(@Nullable String why, @Nullable Throwable cause) {
    cancelled = cancelled == null ? new Cancelled(why, cause) : cancelled;
  }

  boolean isHalfClosed() {
    return halfClosed;
  }

  /** What the caller hears who cancelled it while no attempt was on its way. */
  Status cancelledStatus() {
    Cancelled how = cancelled;
    return how == null
        ? Status.CANCELLED
        : Status.CANCELLED.withDescription(how.message()).withCause(how.cause());
  }

  boolean isCancelled() {
    return cancelled != null;
  }

  /** Lets go of the message: nobody reads it any more. */
  void forget() {
    message = null;
  }

  /** One attempt's way through it, which may still grow. Guarded like it. */
  final class Reading {
    private int requestedSoFar;
    private @Nullable Boolean compressionSoFar;
    private boolean isSent;
    private boolean isHalfClosed;
    private boolean isCancelled;

    /** What is to be done next on the attempt, outside of the guard; null if all is done. */
    @Nullable Consumer<ClientCall<ReqT, ?>> next() {
      Cancelled cancel = cancelled;
      if (cancel != null) {
        boolean isDone = isCancelled;
        isCancelled = true;
        return isDone ? null : call -> call.cancel(cancel.message(), cancel.cause());
      }
      int further = requested - requestedSoFar;
      if (further > 0) {
        requestedSoFar = requested;
        return call -> call.request(further);
      }
      return nextOfTheRequest();
    }

    private @Nullable Consumer<ClientCall<ReqT, ?>> nextOfTheRequest() {
      Boolean compress = compression;
      if (compress != null && !compress.equals(compressionSoFar) && !isSent) {
        compressionSoFar = compress;
        return call -> call.setMessageCompression(compress);
      }
      ReqT unsent = message;
      if (unsent != null && !isSent) {
        isSent = true;
        return call -> call.sendMessage(unsent);
      }
      if (halfClosed && !isHalfClosed) {
        isHalfClosed = true;
        return ClientCall::halfClose;
      }
      return null;
    }
  }
}
