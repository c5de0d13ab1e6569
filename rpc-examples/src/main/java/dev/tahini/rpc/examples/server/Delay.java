package dev.tahini.rpc.examples.server;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * How long a server takes for an answer: the work of a real one, played by waiting. May be changed
 * while the server runs; blocks no thread. Thread-safe.
 */
public final class Delay implements AutoCloseable {
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "delay");
            thread.setDaemon(true);
            return thread;
          });
  private volatile long nanos;

  /**
   * A delay of a given length.
   *
   * @param length zero for none
   */
  public Delay(Duration length) {
    set(length);
  }

  /**
   * Changes the length for calls to come.
   *
   * @param length zero for none
   */
  public void set(Duration length) {
    nanos = length.toNanos();
  }

  /**
   * Answers a call when its time has come.
   *
   * @param <T> the answer's type
   * @param caller who gets the answer, or the error
   * @param work makes the answer, or throws the call's status
   */
  public <T> void answer(StreamObserver<T> caller, Supplier<T> work) {
    long length = nanos;
    if (length == 0) {
      answerNow(caller, work);
    } else {
      var unused = timer.schedule(() -> answerNow(caller, work), length, NANOSECONDS);
    }
  }

  private static <T> void answerNow(StreamObserver<T> caller, Supplier<T> work) {
    try {
      caller.onNext(work.get());
    } catch (RuntimeException e) {
      caller.onError(e);
      return;
    }
    caller.onCompleted();
  }

  @Override
  public void close() {
    timer.shutdown();
  }
}
