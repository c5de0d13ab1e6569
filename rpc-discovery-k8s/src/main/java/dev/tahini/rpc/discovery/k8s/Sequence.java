package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.SynchronizationContext;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs what a watch does, one after the other: now on the caller's thread, or later on a thread of
 * the watch's, never on the one that keeps time. Thread-safe.
 */
final class Sequence implements Executor {
  private static final System.Logger logger = System.getLogger(Sequence.class.getName());

  private final SynchronizationContext serially;
  private final Executor threads;
  private final TimeSource time;

  /**
   * An idle one.
   *
   * @param target for the log, if a listener throws
   * @param threads run what is to be done later
   */
  Sequence(Target target, Executor threads, TimeSource time) {
    this.threads = threads;
    this.time = time;
    this.serially =
        new SynchronizationContext(
            (thread, e) -> logger.log(Level.ERROR, target + ": a listener failed", e));
  }

  /** Runs it when all that came before has run; at once if nothing has to. */
  @Override
  public void execute(Runnable task) {
    serially.execute(task);
  }

  /** The same on another thread. */
  void fork(Runnable task) {
    threads.execute(() -> serially.execute(task));
  }

  /** The same after a time; one that is cancelled too late still runs. */
  Future<?> after(long nanos, Runnable task) {
    return time.scheduler().schedule(() -> fork(task), nanos, TimeUnit.NANOSECONDS);
  }
}
