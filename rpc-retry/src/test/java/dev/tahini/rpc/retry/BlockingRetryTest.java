package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Around code that blocks; by the system's time, with delays that a test can wait for. */
class BlockingRetryTest {
  private static final Backoff LONG = new Backoff(Duration.ofHours(1), 1, Duration.ofHours(1), 0);
  private static final Backoff NONE = new Backoff(Duration.ZERO, 1, Duration.ZERO, 0);

  private final AtomicInteger attempts = new AtomicInteger();

  private static Retry retry(Backoff backoff) {
    return Retry.builder().policy(StandardRetryPolicy.defaults().withBackoff(backoff)).build();
  }

  private String failUntil(int last) {
    if (attempts.incrementAndGet() < last) {
      throw Status.UNAVAILABLE.withDescription("down").asRuntimeException();
    }
    return "done";
  }

  @Test
  void resultComesAfterFailures() {
    assertEquals("done", retry(NONE).call(() -> failUntil(3)));
    assertEquals(3, attempts.get());
  }

  @Test
  void runIsTheSameWithoutAResult() {
    retry(NONE).run(() -> failUntil(4));

    assertEquals(4, attempts.get());
  }

  @Test
  void lastFailureIsThrownWithTheOthersSuppressed() {
    StatusRuntimeException failure =
        assertThrows(StatusRuntimeException.class, () -> retry(NONE).call(() -> failUntil(100)));

    assertEquals(Code.UNAVAILABLE, failure.getStatus().getCode());
    assertEquals(4, failure.getSuppressed().length);
    assertEquals(5, attempts.get());
  }

  @Test
  void checkedExceptionIsACause() {
    IOException cause = new IOException("disk");
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                retry(NONE)
                    .call(
                        () -> {
                          throw cause;
                        }));

    assertEquals(Code.UNKNOWN, failure.getStatus().getCode());
    assertSame(cause, failure.getCause());
  }

  @Test
  void unwantedResultIsTriedAgain() {
    assertEquals(3, retry(NONE).<Integer>call(attempts::incrementAndGet, result -> result < 3));
  }

  @Test
  void cancelledContextEndsTheSleep() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                context.call(
                    () ->
                        Retry.builder()
                            .policy(StandardRetryPolicy.defaults().withBackoff(LONG))
                            .events(cancelling(context))
                            .build()
                            .call(() -> failUntil(100))));

    assertEquals(Code.CANCELLED, failure.getStatus().getCode());
    assertEquals(1, attempts.get());
  }

  /** Once it is decided that it is slept. */
  private static dev.tahini.rpc.CallEvents cancelling(Context.CancellableContext context) {
    return new dev.tahini.rpc.CallEvents() {
      @Override
      public void onRetry(RetryDecided event) {
        context.cancel(null);
      }
    };
  }

  @Test
  void interruptEndsTheSleepAndIsKept() {
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                retry(LONG)
                    .call(
                        () -> {
                          Thread.currentThread().interrupt();
                          return failUntil(100);
                        }));

    assertTrue(Thread.interrupted());
    assertEquals(Code.CANCELLED, failure.getStatus().getCode());
  }

  @Test
  void interruptInAnAttemptIsNotRetriedAndKept() {
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                retry(NONE)
                    .call(
                        () -> {
                          throw new InterruptedException();
                        }));

    assertTrue(Thread.interrupted());
    assertEquals(Code.CANCELLED, failure.getStatus().getCode());
    assertInstanceOf(InterruptedException.class, failure.getCause());
  }
}
