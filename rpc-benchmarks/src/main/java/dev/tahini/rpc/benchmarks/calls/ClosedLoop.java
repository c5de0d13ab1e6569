package dev.tahini.rpc.benchmarks.calls;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps a number of calls in flight, and measures for a while in the middle of it. Used once.
 * Answers are counted on any thread.
 */
public final class ClosedLoop {
  private static final int RAMP_MILLIS = 150;
  private static final int LONGEST_END_SECONDS = 10;

  private final LongAdder answers = new LongAdder();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final CountDownLatch running;
  private final int inFlight;
  private volatile boolean goesOn = true;

  /**
   * A loop.
   *
   * @param inFlight calls at once
   */
  public ClosedLoop(int inFlight) {
    this.inFlight = inFlight;
    this.running = new CountDownLatch(inFlight);
  }

  /**
   * Calls for a while.
   *
   * @param millis that are measured
   * @throws ExecutionException if a call failed
   */
  public Usage run(EchoStubs stubs, StubKind kind, int millis)
      throws InterruptedException, ExecutionException {
    for (int i = 0; i < inFlight; i++) {
      kind.start(stubs, this);
    }
    passOrFail(RAMP_MILLIS);
    Usage before = Usage.until(answers.sum());
    passOrFail(millis);
    Usage used = Usage.until(answers.sum()).minus(before);
    goesOn = false;
    if (!running.await(LONGEST_END_SECONDS, SECONDS)) {
      throw new IllegalStateException("calls in flight: " + running.getCount() + " do not end");
    }
    return used;
  }

  private void passOrFail(int millis) throws InterruptedException, ExecutionException {
    try {
      failure.get(millis, MILLISECONDS);
    } catch (TimeoutException e) {
      // The time has passed, and no call failed.
    }
  }

  boolean goesOn() {
    return goesOn;
  }

  void answered() {
    answers.increment();
  }

  void failed(Throwable e) {
    failure.completeExceptionally(e);
  }

  /** One of the calls in flight was the last of its kind. */
  void ended() {
    running.countDown();
  }

  void newThread(Runnable calls) {
    Thread thread = new Thread(calls, "caller");
    thread.setDaemon(true);
    thread.start();
  }
}
