package dev.tahini.rpc.retry;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.TimeSource;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Whatever its caller does while attempts end that were never sent, the last attempt has got all of
 * it, once, and its caller hears of no end but that of a call that was cancelled.
 */
public final class UnsentCallOperations {
  private static final MethodRetry PLAN =
      new MethodRetry(RetryOptions.none(), null, null, null, TimeSource.system(), Runnable::run);

  private final CountedAttempts attempts = new CountedAttempts();
  private final AtomicInteger requested = new AtomicInteger();
  private final AtomicBoolean sent = new AtomicBoolean();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicInteger ends = new AtomicInteger();
  private final ClientCall<Object, Object> call = started();

  private ClientCall<Object, Object> started() {
    ClientCall<Object, Object> made =
        new RetriedCall<>(PLAN, CountedAttempts.METHOD, CallOptions.DEFAULT, attempts, null);
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

  @Operation(nonParallelGroup = "transport")
  public void end() {
    attempts.last().end(Status.UNAVAILABLE, AttemptFate.NEVER_SENT);
  }

  /** What is left when all operations have ended. */
  @Validate
  public void lastAttemptHasItAll() {
    CountedAttempts.Attempt last = attempts.last();
    int all = sent.get() ? 1 : 0;
    boolean isWhole =
        last.requested.get() == requested.get()
            && last.sent.get() == all
            && last.halfClosed.get() == all;
    if (!(cancelled.get() ? last.isOver() : isWhole) || ends.get() != (last.hasEnded() ? 1 : 0)) {
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
}
