package dev.tahini.rpc.benchmarks.calls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import dev.tahini.rpc.benchmarks.echo.v1.EchoMessage;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How calls are made. */
public enum StubKind {
  /** A thread for each call in flight. */
  BLOCKING {
    @Override
    void start(EchoStubs stubs, ClosedLoop loop) {
      loop.newThread(
          () -> {
            while (loop.goesOn()) {
              try {
                stubs.blocking().say(REQUEST);
              } catch (RuntimeException e) {
                loop.failed(e);
                return;
              }
              loop.answered();
            }
            loop.ended();
          });
    }
  },
  /** The next call is made where the last one's future completes. */
  FUTURE {
    @Override
    void start(EchoStubs stubs, ClosedLoop loop) {
      Futures.addCallback(
          stubs.future().say(REQUEST),
          new FutureCallback<EchoMessage>() {
            @Override
            public void onSuccess(@Nullable EchoMessage answer) {
              loop.answered();
              next(stubs, loop);
            }

            @Override
            public void onFailure(Throwable e) {
              loop.failed(e);
            }
          },
          MoreExecutors.directExecutor());
    }
  },
  /** The next call is made where the last one completes. */
  ASYNC {
    @Override
    void start(EchoStubs stubs, ClosedLoop loop) {
      stubs
          .async()
          .say(
              REQUEST,
              new StreamObserver<EchoMessage>() {
                @Override
                public void onNext(EchoMessage answer) {}

                @Override
                public void onError(Throwable e) {
                  loop.failed(e);
                }

                @Override
                public void onCompleted() {
                  loop.answered();
                  next(stubs, loop);
                }
              });
    }
  };

  private static final EchoMessage REQUEST =
      EchoMessage.newBuilder().setPayload(ByteString.copyFrom("x".repeat(100), US_ASCII)).build();

  /** Keeps one call in flight as long as the loop goes on. */
  abstract void start(EchoStubs stubs, ClosedLoop loop);

  void next(EchoStubs stubs, ClosedLoop loop) {
    if (loop.goesOn()) {
      start(stubs, loop);
    } else {
      loop.ended();
    }
  }

  /** The name in tables. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
