package dev.tahini.rpc.examples.demo;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tahini.rpc.Pick;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers at work: threads that each make a call, wait for its end, and make the next when its time
 * has come. Ends with {@link #close}.
 */
final class Traffic implements AutoCloseable {
  static final String LEAST_LOADED = Pick.leastLoaded().picker();
  static final String RANDOM = Pick.random().picker();
  static final String SHARD = Pick.shard("").picker();
  static final String ADDRESS = Pick.address("").picker();

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            return thread;
          });
  private final CallMeter meter;
  private volatile boolean closed;

  /** One call, made and waited for. */
  interface Call {
    void make() throws StatusRuntimeException;
  }

  Traffic(CallMeter meter) {
    this.meter = meter;
  }

  /**
   * Lets some callers begin.
   *
   * @param picker the kind of their calls
   * @param callers how many
   * @param period from the start of a caller's call to its next, unless the call takes longer
   * @param call what they do
   */
  void start(String picker, int callers, Duration period, Call call) {
    long now = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      long first = now + period.toNanos() * i / callers; // one after another, not all at once
      threads.execute(() -> keepCalling(picker, first, period.toNanos(), call));
    }
  }

  private void keepCalling(String picker, long first, long periodNanos, Call call) {
    long next = first;
    awaitTime(next);
    while (!closed) {
      long started = System.nanoTime();
      Status status = make(call);
      meter.callEnded(picker, status, System.nanoTime() - started);
      next = Math.max(next + periodNanos, started);
      awaitTime(next);
    }
  }

  private void awaitTime(long nanoTime) {
    while (!closed && System.nanoTime() - nanoTime < 0) {
      LockSupport.parkNanos(nanoTime - System.nanoTime());
    }
  }

  private static Status make(Call call) {
    try {
      call.make();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    } catch (RuntimeException e) {
      return Status.fromThrowable(e).withDescription(e.toString());
    }
  }

  /** Lets calls in flight end; makes no more. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    try {
      // Each has a deadline, after which it has ended.
      var unused = threads.awaitTermination(DemoCalls.DEADLINE.toSeconds() + 1, SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
