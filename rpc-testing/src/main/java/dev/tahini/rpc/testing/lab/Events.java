package dev.tahini.rpc.testing.lab;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.tahini.rpc.testing.FakeTime;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.concurrent.Future;

/**
 * What happens next in a simulation, on the queue of a {@link FakeTime}. The first event that
 * throws ends the simulation, be it the lab's own or a task that a feature gave to the scheduler:
 * {@link #advance} throws what it threw, and those after it do not run.
 */
final class Events {
  private final FakeTime time = new FakeTime();

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
    return time.scheduler().schedule(event, delayNanos, NANOSECONDS);
  }

  /**
   * A context for one channel. What its tasks throw ends the simulation as an event of its own, at
   * the same moment: whoever gave the task to the context might catch it.
   */
  SynchronizationContext newContext() {
    return new SynchronizationContext((thread, thrown) -> after(0, () -> rethrow(thrown)));
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException("a task threw a checked exception", thrown);
  }

  /** Lets virtual time pass. */
  void advance(Duration duration) {
    time.advance(duration);
  }
}
