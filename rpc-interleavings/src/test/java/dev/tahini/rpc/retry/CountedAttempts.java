package dev.tahini.rpc.retry;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.Attempts;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A channel that counts what is done with each attempt. Thread-safe. */
final class CountedAttempts extends Channel {
  static final MethodDescriptor<Object, Object> METHOD =
      MethodDescriptor.newBuilder(new Nothing(), new Nothing())
          .setType(MethodType.UNARY)
          .setFullMethodName("test.Probe/Ask")
          .setIdempotent(true)
          .build();

  private final List<Attempt> made = Collections.synchronizedList(new ArrayList<>());

  List<Attempt> made() {
    synchronized (made) {
      return List.copyOf(made);
    }
  }

  Attempt last() {
    List<Attempt> all = made();
    return all.get(all.size() - 1);
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

  private static final class Nothing implements MethodDescriptor.Marshaller<Object> {
    @Override
    public InputStream stream(Object value) {
      return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public Object parse(InputStream stream) {
      return stream;
    }
  }

  static final class Attempt {
    final AtomicInteger requested = new AtomicInteger();
    final AtomicInteger sent = new AtomicInteger();
    final AtomicInteger halfClosed = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private final CallOptions options;
    private volatile ClientCall.@Nullable Listener<?> listener;

    Attempt(CallOptions options) {
      this.options = options;
    }

    boolean isStarted() {
      return listener != null;
    }

    boolean isOver() {
      return hasEnded.get() || cancelled.get() > 0;
    }

    boolean hasEnded() {
      return hasEnded.get();
    }

    /** Headers, unless it has ended. */
    void answer() {
      ClientCall.Listener<?> theirs = listener;
      if (theirs != null && !hasEnded.get()) {
        theirs.onHeaders(new Metadata());
      }
    }

    /** As gRPC does: tracer, then listener; at most one end of each attempt. */
    void end(Status status, AttemptFate fate) {
      ClientCall.Listener<?> theirs = listener;
      if (theirs != null && hasEnded.compareAndSet(false, true)) {
        options.getOption(Attempts.OPTION).ended(status, fate);
        theirs.onClose(status, new Metadata());
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
