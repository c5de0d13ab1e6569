package dev.tahini.rpc.testing.lab;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.tahini.rpc.testing.FakeTime;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What happens next in a simulation, on the queue of a {@link FakeTime}. The first event that
 * throws ends the simulation: those after it do nothing, and {@link #advance} throws what it threw.
 */
final class Events {
  private final FakeTime time = new FakeTime();
  private @Nullable Throwable failure;

  FakeTime time() {
    return time;
  }

  /** Since the beginning of the simulation. */
  long nanos() {
    return time.ticker().nanoTime();
  }

  /** Runs an event later, after those that were scheduled before it for the same moment. */
  void after(long delayNanos, Runnable event) {
    Future<?> unused = afterUnlessCancelled(delayNanos, event);
  }

  /** The same; what is returned takes the event back. */
  Future<?> afterUnlessCancelled(long delayNanos, Runnable event) {
    return time.scheduler().schedule(() -> runUnlessFailed(event), delayNanos, NANOSECONDS);
  }

  private void runUnlessFailed(Runnable event) {
    if (failure != null) {
      return;
    }
    try {
      event.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** A context for one channel; what its tasks throw ends the simulation. */
  SynchronizationContext newContext() {
    return new SynchronizationContext((thread, thrown) -> fail(thrown));
  }

  private void fail(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
  }

  /** Lets virtual time pass. */
  void advance(Duration duration) {
    time.advance(duration);
    rethrowFailure();
  }

  /** Throws what an event threw, if any did. */
  void rethrowFailure() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
  }
}
