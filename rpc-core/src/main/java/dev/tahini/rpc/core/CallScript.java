package dev.tahini.rpc.core;

import io.grpc.ClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a call did so far, for another attempt to do the same. Not thread-safe; {@link
 * ReplayedCall} guards it.
 */
final class CallScript<ReqT> {
  private @Nullable ReqT message;
  private @Nullable List<ReqT> more;
  private @Nullable Boolean compression;
  private @Nullable Cancelled cancelled;
  private int requested;
  private boolean halfClosed;

  private record Cancelled(@Nullable String message, @Nullable Throwable cause) {}

  void request(int messages) {
    requested = (int) Math.min((long) requested + Math.max(messages, 0), Integer.MAX_VALUE);
  }

  void send(ReqT sent) {
    if (message == null) {
      message = sent;
      return;
    }
    if (more == null) {
      more = new ArrayList<>();
    }
    more.add(sent);
  }

  void compress(boolean enabled) {
    compression = enabled;
  }

  void halfClose() {
    halfClosed = true;
  }

  void cancel(@Nullable String why, @Nullable Throwable cause) {
    cancelled = new Cancelled(why, cause);
  }

  boolean isCancelled() {
    return cancelled != null;
  }

  /** How many messages were sent. */
  int messages() {
    return (message == null ? 0 : 1) + (more == null ? 0 : more.size());
  }

  private List<ReqT> messagesFrom(int from) {
    List<ReqT> all = new ArrayList<>();
    if (message != null) {
      all.add(message);
    }
    if (more != null) {
      all.addAll(more);
    }
    return all.subList(Math.min(from, all.size()), all.size());
  }

  /** Lets go of the messages: nobody reads it any more. */
  void forget() {
    message = null;
    more = null;
  }

  /** One attempt's way through it, which may still grow. Guarded like it. */
  final class Reading {
    private int requestedSoFar;
    private int sentSoFar;
    private boolean isCompressionSet;
    private boolean isHalfClosed;
    private boolean isCancelled;

    /** What is to be done next on the attempt, outside of the guard; null if all is done. */
    @Nullable Consumer<ClientCall<ReqT, ?>> next() {
      if (isCancelled) {
        return null;
      }
      Cancelled cancel = cancelled;
      if (cancel != null) {
        isCancelled = true;
        return call -> call.cancel(cancel.message(), cancel.cause());
      }
      Boolean compress = compression;
      if (compress != null && !isCompressionSet) {
        isCompressionSet = true;
        return call -> call.setMessageCompression(compress);
      }
      return nextMessages();
    }

    private @Nullable Consumer<ClientCall<ReqT, ?>> nextMessages() {
      int further = requested - requestedSoFar;
      if (further > 0) {
        requestedSoFar = requested;
        return call -> call.request(further);
      }
      List<ReqT> unsent = messagesFrom(sentSoFar);
      if (!unsent.isEmpty()) {
        sentSoFar += unsent.size();
        return call -> unsent.forEach(call::sendMessage);
      }
      if (halfClosed && !isHalfClosed) {
        isHalfClosed = true;
        return ClientCall::halfClose;
      }
      return null;
    }
  }
}
