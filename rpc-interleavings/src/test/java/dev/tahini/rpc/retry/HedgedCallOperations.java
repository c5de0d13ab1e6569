package dev.tahini.rpc.retry;

import dev.tahini.rpc.AttemptFate;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.RetryPolicy.Decision;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Whatever two attempts of a hedged call do while timers run and its caller cancels: its callbacks
 * do not overlap, it has one end and nothing after it, no more attempts than allowed, and as long
 * as it has none something is left that will end it; of the attempts at most one is not given up
 * once it is answered, and none once it has ended.
 */
public final class HedgedCallOperations {
  private static final int MOST = 3;
  private static final RetryPolicy POLICY =
      history ->
          history.last().status().getCode() == Status.Code.UNAVAILABLE
              ? Decision.retryAfter(Duration.ofMillis(1))
              : Decision.stop("for good");

  private final HeldTasks tasks = new HeldTasks();
  private final CountedAttempts attempts = new CountedAttempts();
  private final AtomicBoolean isHearing = new AtomicBoolean();
  private final AtomicInteger ends = new AtomicInteger();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private final ClientCall<Object, Object> call = asked();

  private ClientCall<Object, Object> asked() {
    Hedging hedging = Hedging.after(Duration.ofMillis(1), MOST);
    MethodRetry plan =
        new MethodRetry(
            RetryOptions.defaults(),
            new RetryEngine(POLICY, null, tasks, new CallEvents() {}, null),
            hedging,
            null,
            tasks,
            Runnable::run);
    ClientCall<Object, Object> made =
        new RetriedCall<>(plan, CountedAttempts.METHOD, CallOptions.DEFAULT, attempts, null);
    made.start(new Hearer(), new Metadata());
    made.request(2);
    made.sendMessage("message");
    made.halfClose();
    tasks.runNext();
    return made;
  }

  private final class Hearer extends ClientCall.Listener<Object> {
    private void hear(AtomicInteger what) {
      if (!isHearing.compareAndSet(false, true) || ends.get() > 0) {
        wrong.incrementAndGet();
      }
      what.incrementAndGet();
      isHearing.set(false);
    }

    @Override
    public void onHeaders(Metadata headers) {
      hear(answers);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      hear(ends);
    }
  }

  private CountedAttempts.Attempt hedge() {
    return attempts.made().get(1);
  }

  @Operation(nonParallelGroup = "first")
  public void answerFirst() {
    attempts.made().get(0).answer();
  }

  @Operation(nonParallelGroup = "first")
  public void failFirst() {
    attempts.made().get(0).end(Status.UNAVAILABLE, AttemptFate.PROCESSED);
  }

  @Operation(nonParallelGroup = "first")
  public void failFirstForGood() {
    attempts.made().get(0).end(Status.NOT_FOUND, AttemptFate.PROCESSED);
  }

  @Operation(nonParallelGroup = "second")
  public void answerSecond() {
    hedge().answer();
  }

  @Operation(nonParallelGroup = "second")
  public void failSecond() {
    hedge().end(Status.UNAVAILABLE, AttemptFate.PROCESSED);
  }

  @Operation(nonParallelGroup = "second")
  public void endSecondUnsent() {
    hedge().end(Status.UNAVAILABLE, AttemptFate.NEVER_SENT);
  }

  @Operation
  public void runTimer() {
    tasks.runNext();
  }

  @Operation
  public void cancel() {
    call.cancel("enough", null);
  }

  /** What is left when all operations have ended. */
  @Validate
  public void callIsWhole() {
    List<CountedAttempts.Attempt> made = attempts.made();
    long open = made.stream().filter(attempt -> !attempt.hasEnded()).count();
    long kept = made.stream().filter(attempt -> !attempt.isOver()).count();
    boolean hasFuture = open > 0 || !tasks.isEmpty();
    boolean isLean = ends.get() == 0 || (kept == 0 && tasks.isEmpty());
    boolean isWon = answers.get() == 0 || (kept <= 1 && tasks.isEmpty());
    boolean isFew = made.size() <= MOST + 1; // one was not sent
    if (wrong.get() > 0
        || ends.get() > 1
        || (ends.get() == 0 && !hasFuture)
        || !isLean
        || !isWon
        || !isFew) {
      throw new IllegalStateException(
          "%s attempts, %s open, %s kept; %s answers, %s ends, %s wrong; no timers %s"
              .formatted(made.size(), open, kept, answers, ends, wrong, tasks.isEmpty()));
    }
  }

  /** What each operation gives, in any order: nothing. */
  public static final class Expected {
    public void answerFirst() {}

    public void failFirst() {}

    public void failFirstForGood() {}

    public void answerSecond() {}

    public void failSecond() {}

    public void endSecondUnsent() {}

    public void runTimer() {}

    public void cancel() {}
  }
}
