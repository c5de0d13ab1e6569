package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.Attempts;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Tries a unary call that ended UNAVAILABLE once more, elsewhere: the least of all retries. */
final class OneMoreTry implements ClientInterceptor {

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    Attempts attempts = new Attempts();
    return new TwiceAtMost<>(
        () -> next.newCall(method, options.withOption(Attempts.OPTION, attempts.next())));
  }

  private interface Attempt<ReqT, RespT> {
    ClientCall<ReqT, RespT> fresh();
  }

  private static final class TwiceAtMost<ReqT, RespT> extends ClientCall<ReqT, RespT> {
    private final Attempt<ReqT, RespT> attempt;
    private ClientCall<ReqT, RespT> current;
    private @Nullable ReqT request;

    TwiceAtMost(Attempt<ReqT, RespT> attempt) {
      this.attempt = attempt;
      this.current = attempt.fresh();
    }

    @Override
    public void start(Listener<RespT> listener, Metadata headers) {
      current.start(
          new Listener<>() {
            @Override
            public void onMessage(RespT message) {
              listener.onMessage(message);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              if (status.getCode() == Status.Code.UNAVAILABLE) {
                again(listener);
              } else {
                listener.onClose(status, trailers);
              }
            }
          },
          headers);
    }

    private void again(Listener<RespT> listener) {
      current = attempt.fresh();
      current.start(listener, new Metadata());
      current.request(2);
      if (request != null) {
        current.sendMessage(request);
      }
      current.halfClose();
    }

    @Override
    public void request(int numMessages) {
      current.request(numMessages);
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      current.cancel(message, cause);
    }

    @Override
    public void halfClose() {
      current.halfClose();
    }

    @Override
    public void sendMessage(ReqT message) {
      request = message;
      current.sendMessage(message);
    }
  }
}
