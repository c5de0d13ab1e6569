package dev.tahini.rpc.retry;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that is to be made after a delay, unless its call ends before. Its owner says whether
 * it is still wanted; thread-safe.
 */
final class DueAttempt {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** Whose attempt it is. */
  interface Owner {
    /** The delay is over. */
    void isDue(DueAttempt attempt);

    /** The context was cancelled before. */
    void cancelDue(DueAttempt attempt, Status status);
  }

  private final Duration delay;
  private final boolean isHedge;
  private volatile @Nullable ScheduledFuture<?> timer;
  private volatile Context.@Nullable CancellationListener listener;
  private volatile boolean isDropped;

  DueAttempt(Duration delay, boolean isHedge) {
    this.delay = delay;
    this.isHedge = isHedge;
  }

  Duration delay() {
    return delay;
  }

  boolean isHedge() {
    return isHedge;
  }

  /**
   * Waits, and tells the owner.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the scheduler takes no tasks; then
   *     it is to be dropped
   */
  void await(Owner owner, Context context, ScheduledExecutorService scheduler) {
    Context.CancellationListener heard =
        cancelled -> owner.cancelDue(this, Contexts.statusFromCancelled(cancelled));
    listener = heard;
    context.addListener(heard, Runnable::run);
    long nanos = (delay.compareTo(LONGEST) < 0 ? delay : LONGEST).toNanos();
    timer = scheduler.schedule(() -> owner.isDue(this), nanos, TimeUnit.NANOSECONDS);
    if (isDropped) {
      drop(context); // meanwhile
    }
  }

  void drop(Context context) {
    isDropped = true;
    Context.CancellationListener heard = listener;
    if (heard != null) {
      context.removeListener(heard);
    }
    ScheduledFuture<?> started = timer;
    if (started != null) {
      started.cancel(false);
    }
  }
}
