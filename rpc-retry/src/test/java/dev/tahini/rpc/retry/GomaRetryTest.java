package dev.tahini.rpc.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.testing.FakeTime;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.EOFException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Go package's own table, and what its code does beside. */
class GomaRetryTest {

  private final FakeTime time = new FakeTime();
  private final List<Long> delays = new ArrayList<>();
  private int made;

  private record Row(
      String name,
      int maxRetry,
      List<Throwable> errors,
      int attempts,
      boolean fails,
      List<Long> delays) {
    Row(
        String name,
        int maxRetry,
        List<Throwable> errors,
        int attempts,
        boolean fails,
        Long... delays) {
      this(name, maxRetry, errors, attempts, fails, List.of(delays));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** With a jitter of nothing; the delays in milliseconds. */
  static Stream<Row> table() {
    return Stream.of(
        new Row("ok", 0, List.of(), 1, false),
        new Row("plain error", 0, List.of(new IllegalStateException("plain")), 1, true),
        new Row("RetriableError, ok", 0, List.of(retriable()), 2, false, 10L),
        new Row("UNAVAILABLE, ok", 0, List.of(unavailable()), 2, false, 10L),
        new Row(
            "content type, ok",
            0,
            List.of(
                internal(
                    "transport: received the unexpected content-type \"text/html; charset=UTF-8\"")),
            2,
            false,
            10L),
        new Row("INTERNAL EOF, ok", 0, List.of(internal("unexpected EOF")), 2, false, 10L),
        new Row(
            "RST_STREAM, ok",
            0,
            List.of(internal("stream terminated by RST_STREAM with error code: INTERNAL_ERROR")),
            2,
            false,
            10L),
        new Row("other INTERNAL", 0, List.of(internal("bug")), 1, true),
        new Row("bare EOF", 0, List.of(new EOFException("unexpected EOF")), 1, true),
        new Row("maximum 1", 1, List.of(retriable(), retriable()), 1, true),
        new Row(
            "an attempt's deadline, a status of one, ok",
            0,
            List.of(new TimeoutException(), Status.DEADLINE_EXCEEDED.asRuntimeException()),
            3,
            false,
            10L,
            16L),
        new Row(
            "RESOURCE_EXHAUSTED ten times",
            0,
            Collections.nCopies(10, exhausted()),
            5,
            true,
            1000L,
            2000L,
            4000L,
            8000L));
  }

  private static Throwable retriable() {
    return new RetriableException("again", null);
  }

  private static Throwable unavailable() {
    return Status.UNAVAILABLE.withDescription("down").asRuntimeException();
  }

  private static Throwable exhausted() {
    return Status.RESOURCE_EXHAUSTED.withDescription("full").asRuntimeException();
  }

  private static Throwable internal(String text) {
    return Status.INTERNAL.withDescription(text).asRuntimeException();
  }

  @ParameterizedTest
  @MethodSource("table")
  void goesAsInGo(Row row) {
    ListenableFuture<String> result = start(exact(row.maxRetry(), 0), row.errors());
    time.advance(Duration.ofMinutes(10));

    assertEquals(row.attempts(), made);
    assertEquals(row.fails(), failure(result) != null);
    assertEquals(row.delays(), delays);
  }

  @Test
  void outerDeadlineThatPassesDuringTheAttemptEndsIt() throws Exception {
    Deadline deadline = Deadline.after(1, TimeUnit.SECONDS, time.ticker());
    Context.CancellableContext context = Context.current().withDeadline(deadline, time.scheduler());
    ListenableFuture<String> result =
        context.call(
            () -> {
              time.advance(Duration.ofSeconds(1));
              return start(new GomaRetryPolicy(), List.of(unavailable()));
            });

    assertEquals(Status.Code.DEADLINE_EXCEEDED, Status.fromThrowable(failure(result)).getCode());
  }

  @Test
  void cancelledContextIsAPassedDeadline() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    ListenableFuture<String> result =
        context.call(() -> start(new GomaRetryPolicy(), List.of(unavailable())));
    context.cancel(null);

    Status status = Status.fromThrowable(failure(result));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode());
    assertEquals(
        "context canceled: [rpc error: code = UNAVAILABLE desc = down]", status.getDescription());
    assertEquals(1, made);
  }

  /** The first delay is exact, the later ones within a fifth of theirs. */
  @Test
  void firstDelayHasNoJitter() {
    ListenableFuture<String> result =
        start(
            new GomaRetryPolicy(4, Duration.ZERO, Duration.ZERO, 0)
                .withRandom(() -> Greatest.OF_ALL),
            Collections.nCopies(4, unavailable()));
    time.advance(Duration.ofSeconds(1));

    assertEquals(List.of(10L, 19L, 30L), delays);
    assertNotNull(failure(result));
  }

  private enum Greatest implements RandomGenerator {
    OF_ALL;

    @Override
    public long nextLong() {
      return -1;
    }
  }

  @Test
  void serversDelayIsTheNewBase() {
    Metadata trailers = Outcomes.retryInfo(Duration.ofSeconds(3));
    StatusRuntimeException asked = Status.UNAVAILABLE.asRuntimeException(trailers);
    ListenableFuture<String> result =
        start(exact(4, 2), List.of(unavailable(), asked, unavailable(), unavailable()));
    time.advance(Duration.ofMinutes(1));

    assertEquals(List.of(10L, 6000L, 12_000L), delays);
    assertNotNull(failure(result));
  }

  /** As the Go package's zero base, which any delay of a server's replaces. */
  @Test
  void shorterDelayOfAServersReplacesTheUsualBase() {
    Metadata trailers = Outcomes.retryInfo(Duration.ofMillis(4));
    StatusRuntimeException asked = Status.UNAVAILABLE.asRuntimeException(trailers);
    ListenableFuture<String> result = start(new GomaRetryPolicy(), List.of(asked));
    time.advance(Duration.ofMinutes(1));

    assertEquals(List.of(4L), delays);
    assertNull(failure(result));
  }

  @Test
  void errorHasAllTexts() {
    ListenableFuture<String> result =
        start(
            new GomaRetryPolicy(2, Duration.ZERO, Duration.ZERO, 0),
            List.of(exhausted(), unavailable()));
    time.advance(Duration.ofMinutes(1));

    Status status = Status.fromThrowable(failure(result));
    assertEquals(Status.Code.UNAVAILABLE, status.getCode());
    assertEquals(
        "down :[rpc error: code = RESOURCE_EXHAUSTED desc = full]", status.getDescription());
  }

  @Test
  void badPartsAreNamed() {
    Duration zero = Duration.ZERO;
    assertEquals(
        "baseDelay: PT-1S (expected: 0 to 1 day)",
        assertThrows(
                InvalidValueException.class,
                () -> new GomaRetryPolicy(0, Duration.ofSeconds(-1), zero, 0))
            .getMessage());
    assertEquals(
        "factor: 0.5 (expected: 0, or 1 or more)",
        assertThrows(InvalidValueException.class, () -> new GomaRetryPolicy(0, zero, zero, 0.5))
            .getMessage());
  }

  private static GomaRetryPolicy exact(int maxRetry, double factor) {
    return new GomaRetryPolicy(maxRetry, Duration.ZERO, Duration.ZERO, factor)
        .withRandom(() -> Middle.OF_ALL);
  }

  /** Fails with the errors in turn, then succeeds. */
  private ListenableFuture<String> start(GomaRetryPolicy policy, List<Throwable> errors) {
    return Retry.builder()
        .policy(policy)
        .time(time)
        .executor(Runnable::run)
        .events(
            new CallEvents() {
              @Override
              public void onRetry(RetryDecided event) {
                if (event.decision() instanceof RetryPolicy.Retry again) {
                  delays.add(again.delay().toMillis());
                }
              }
            })
        .build()
        .callAsync(
            () -> {
              int attempt = made++;
              return attempt < errors.size()
                  ? Futures.immediateFailedFuture(errors.get(attempt))
                  : Futures.immediateFuture("ok");
            });
  }

  /** Half of all: no jitter. */
  private enum Middle implements RandomGenerator {
    OF_ALL;

    @Override
    public long nextLong() {
      return 1L << 63;
    }
  }

  private static @Nullable Throwable failure(ListenableFuture<String> result) {
    try {
      assertEquals("ok", Futures.getDone(result));
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
