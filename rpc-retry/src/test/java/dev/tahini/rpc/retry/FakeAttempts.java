package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.Attempts;
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
