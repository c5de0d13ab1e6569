package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A channel that notes what is done with each call, for a test to say how it ends. */
final class FakeAttempts extends Channel {
  final List<Attempt> made = new ArrayList<>();

  /** Run when an attempt is started, with it. */
  Reaction onStart = attempt -> {};

  /** Run when an attempt is made, with it. */
  Reaction onCall = attempt -> {};

  interface Reaction {
    void to(Attempt attempt);
  }

  Attempt last() {
    return made.get(made.size() - 1);
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    Attempt attempt = new Attempt(options);
    onCall.to(attempt);
    made.add(attempt);
    return attempt.new Recording<>();
  }

  @Override
  public String authority() {
    return "test";
  }

  /** One of them. */
  final class Attempt {
    final List<String> done = new ArrayList<>();
    final CallOptions options;
    private ClientCall.@Nullable Listener<?> listener;
    @Nullable Metadata headers;

    Attempt(CallOptions options) {
      this.options = options;
    }

    void ready() {
      requireNonNull(listener).onReady();
    }

    void answer() {
      requireNonNull(listener).onHeaders(new Metadata());
    }

    @SuppressWarnings("unchecked") // the methods' messages are strings
    void message(String message) {
      ((ClientCall.Listener<String>) requireNonNull(listener)).onMessage(message);
    }

    boolean isCancelled() {
      return done.stream().anyMatch(step -> step.startsWith("cancel"));
    }

    /** What the client does when its stream is made. */
    void goesTo(Backend backend) {
      options.getOption(Attempts.OPTION).add(backend);
    }

    /** As a server does that has seen it. */
    void fail(Status.Code code) {
      end(AttemptFate.PROCESSED, code.toStatus());
    }

    void end(Status status, Metadata trailers) {
      report(AttemptFate.PROCESSED, status);
      requireNonNull(listener).onClose(status, trailers);
    }

    void end(AttemptFate fate, Status status) {
      report(fate, status);
      endWithoutStream(status);
    }

    /** What the tracer of a stream says. */
    void report(AttemptFate fate, Status status) {
      options.getOption(Attempts.OPTION).ended(status, fate);
    }

    void endWithoutStream(Status status) {
      requireNonNull(listener).onClose(status, new Metadata());
    }

    private final class Recording<ReqT, RespT> extends ClientCall<ReqT, RespT> {
      @Override
      public void start(Listener<RespT> theirs, Metadata given) {
        listener = theirs;
        headers = given;
        onStart.to(Attempt.this);
      }

      @Override
      public void request(int messages) {
        done.add("request " + messages);
      }

      @Override
      public void cancel(@Nullable String message, @Nullable Throwable cause) {
        done.add("cancel " + message);
      }

      @Override
      public void halfClose() {
        done.add("half-close");
      }

      @Override
      public void setMessageCompression(boolean enabled) {
        done.add("compress " + enabled);
      }

      @Override
      public void sendMessage(ReqT message) {
        done.add("send " + message);
      }
    }
  }
}
