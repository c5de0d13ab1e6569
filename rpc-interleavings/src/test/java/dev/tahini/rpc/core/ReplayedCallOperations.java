package dev.tahini.rpc.core;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;

/**
 * Whatever its caller does while attempts end that were never sent, the last attempt has got all of
 * it, once, and its caller hears of no end but that of a call that was cancelled.
 */
public final class ReplayedCallOperations {
  private final Attempts attempts = new Attempts();
  private final AtomicInteger requested = new AtomicInteger();
  private final AtomicBoolean sent = new AtomicBoolean();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicInteger ends = new AtomicInteger();
  private final ClientCall<Object, Object> call = started();

  @SuppressWarnings("unchecked") // nothing is sent
  private ClientCall<Object, Object> started() {
    ClientCall<Object, Object> made =
        new ReplayedCall<>(
            (MethodDescriptor<Object, Object>) ChannelState.NO_METHOD,
            CallOptions.DEFAULT,
            attempts);
    made.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ends.incrementAndGet();
          }
        },
        new Metadata());
    return made;
  }

  @Operation(nonParallelGroup = "caller")
  public void request() {
    requested.incrementAndGet();
    call.request(1);
  }

  @Operation(nonParallelGroup = "caller")
  public void send() {
    if (sent.compareAndSet(false, true)) {
      call.sendMessage("message");
      call.halfClose();
    }
  }

  @Operation
  public void cancel() {
    cancelled.set(true);
    call.cancel("enough", null);
  }

  /** As gRPC does: tracer, then listener; at most one end of each attempt. */
  @Operation(nonParallelGroup = "transport")
  public void end() {
    attempts.last().end(Status.UNAVAILABLE);
  }

  /** What is left when all operations have ended. */
  @Validate
  public void lastAttemptHasItAll() {
    Attempt last = attempts.last();
    int all = sent.get() ? 1 : 0;
    boolean isWhole =
        last.requested.get() == requested.get()
            && last.sent.get() == all
            && last.halfClosed.get() == all;
    boolean isRight = cancelled.get() ? last.hasEnded || last.cancelled.get() > 0 : isWhole;
    if (!isRight || ends.get() != (last.hasEnded ? 1 : 0)) {
      throw new IllegalStateException(
          "of %s requests %s, of %s messages %s, half-closed %s, cancelled %s %s, ends %s"
              .formatted(
                  requested,
                  last.requested,
                  all,
                  last.sent,
                  last.halfClosed,
                  cancelled,
                  last.cancelled,
                  ends));
    }
  }

  /** What each operation gives, in any order: nothing. */
  public static final class Expected {
    public void request() {}

    public void send() {}

    public void cancel() {}

    public void end() {}
  }

  private static final class Attempts extends Channel {
    private final List<Attempt> made = Collections.synchronizedList(new ArrayList<>());

    Attempt last() {
      return made.get(made.size() - 1);
    }

    @Override
    public <A, B> ClientCall<A, B> newCall(MethodDescriptor<A, B> method, CallOptions options) {
      Attempt attempt = new Attempt(options);
      made.add(attempt);
      return attempt.new Counting<>();
    }

    @Override
    public String authority() {
      return "test";
    }
  }

  private static final class Attempt {
    final AtomicInteger requested = new AtomicInteger();
    final AtomicInteger sent = new AtomicInteger();
    final AtomicInteger halfClosed = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    private final CallOptions options;
    private ClientCall.@Nullable Listener<?> listener;
    private boolean hasEnded;

    Attempt(CallOptions options) {
      this.options = options;
    }

    void end(Status status) {
      ReplayedCall<?, ?> replayed = options.getOption(ReplayedCall.OPTION);
      if (!hasEnded && replayed != null && listener != null) {
        hasEnded = true;
        replayed.attemptEnded(status, AttemptFate.NEVER_SENT);
        listener.onClose(status, new Metadata());
      }
    }

    private final class Counting<A, B> extends ClientCall<A, B> {
      @Override
      public void start(Listener<B> theirs, Metadata headers) {
        listener = theirs;
      }

      @Override
      public void request(int messages) {
        requested.addAndGet(messages);
      }

      @Override
      public void cancel(@Nullable String message, @Nullable Throwable cause) {
        cancelled.incrementAndGet();
      }

      @Override
      public void halfClose() {
        halfClosed.incrementAndGet();
      }

      @Override
      public void sendMessage(A message) {
        sent.incrementAndGet();
      }
    }
  }
}
