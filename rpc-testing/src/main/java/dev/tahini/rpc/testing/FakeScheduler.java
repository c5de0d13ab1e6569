package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of a {@link FakeTime}: runs its tasks on the thread that advances the time, also
 * those without a delay. What a task throws is in its future, and comes out of {@link
 * FakeTime#advance} too, so that no test misses it; the next advance goes on after it.
 *
 * <p>Thread-safe: the queue is guarded by the monitor of this object, which is not held while a
 * task runs. It has no thread and no end: shutting it down is refused.
 */
public final class FakeScheduler extends AbstractExecutorService
    implements ScheduledExecutorService {
  private static final int MOST_CANCELLED = 64;

  private final FakeTicker ticker;
  private final PriorityQueue<Task<?>> tasks =
      new PriorityQueue<>(
          Comparator.<Task<?>>comparingLong(task -> task.dueNanos)
              .thenComparingLong(task -> task.number));
  private final Changes changes = new Changes();
  private long scheduled;
  private int cancelled;
  private @Nullable Thread advancing;

  FakeScheduler(FakeTicker ticker) {
    this.ticker = ticker;
  }

  void advance(long nanos) {
    beginAdvance();
    try {
      long end = Math.addExact(ticker.nanoTime(), nanos);
      for (Task<?> due = nextUntil(end); due != null; due = nextUntil(end)) {
        due.run();
        due.rethrow();
      }
      ticker.moveTo(end);
    } finally {
      endAdvance();
    }
  }

  private synchronized void beginAdvance() {
    if (advancing != null) {
      throw new IllegalStateException(
          "time is being advanced already, by "
              + (advancing == Thread.currentThread() ? "a task that it runs" : advancing)
              + " (expected: one advance at a time)");
    }
    advancing = Thread.currentThread();
  }

  private synchronized void endAdvance() {
    advancing = null;
  }

  private synchronized @Nullable Task<?> nextUntil(long endNanos) {
    Task<?> next = firstAlive();
    if (next == null || next.dueNanos > endNanos) {
      return null;
    }
    tasks.remove();
    ticker.moveTo(Math.max(ticker.nanoTime(), next.dueNanos));
    return next;
  }

  private @Nullable Task<?> firstAlive() {
    while (!tasks.isEmpty() && tasks.element().isCancelled()) {
      tasks.remove();
    }
    return tasks.peek();
  }

  /**
   * What is still to run.
   *
   * @return how long until each task is due, the next one first; a copy
   */
  public List<Duration> pending() {
    List<Task<?>> pending;
    synchronized (this) {
      tasks.removeIf(Task::isCancelled);
      pending = new ArrayList<>(tasks);
    }
    return pending.stream().map(t -> Duration.ofNanos(t.getDelay(NANOSECONDS))).sorted().toList();
  }

  /**
   * Waits, in the system's time, until something is scheduled that is due soon: what another thread
   * is about to schedule.
   *
   * @param within how soon, in this time
   * @throws AssertionError after 15 s
   */
  void awaitPending(Duration within) {
    changes.await(
        () -> "a task that is due within " + within + "; pending are " + pending(),
        () -> isPending(within.toNanos()));
  }

  private synchronized boolean isPending(long withinNanos) {
    Task<?> next = firstAlive();
    return next != null && next.dueNanos - ticker.nanoTime() <= withinNanos;
  }

  private <V> Task<V> add(Callable<V> action, long delayNanos, long periodNanos) {
    Task<V> task;
    synchronized (this) {
      task = new Task<>(action, later(delayNanos), scheduled++, periodNanos);
      tasks.add(task);
    }
    changes.signal();
    return task;
  }

  /** The end of time is late enough for any delay. */
  private long later(long delayNanos) {
    long now = ticker.nanoTime();
    long due = now + Math.max(delayNanos, 0);
    return due < now ? Long.MAX_VALUE : due;
  }

  /** How many tasks are kept, cancelled ones among them. */
  synchronized int size() {
    return tasks.size();
  }

  /** Most timers of calls are cancelled: they are not kept until they would have been due. */
  private synchronized void forgetCancelled() {
    cancelled++;
    if (cancelled > MOST_CANCELLED && cancelled > tasks.size() / 2) {
      tasks.removeIf(Task::isCancelled);
      cancelled = 0;
    }
  }

  private synchronized void again(Task<?> task, long delayNanos) {
    task.dueNanos = later(delayNanos);
    task.number = scheduled++;
    tasks.add(task);
  }

  @Override
  public void execute(Runnable task) {
    var unused = add(Executors.callable(requireNonNull(task, "task")), 0, 0);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    return add(Executors.callable(requireNonNull(task, "task")), unit.toNanos(delay), 0);
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    return add(requireNonNull(task, "task"), unit.toNanos(delay), 0);
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return periodic(task, unit.toNanos(initialDelay), unit.toNanos(period));
  }

  /** The same as a fixed rate: in this time tasks take none. */
  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable task, long initialDelay, long delay, TimeUnit unit) {
    return periodic(task, unit.toNanos(initialDelay), unit.toNanos(delay));
  }

  private ScheduledFuture<?> periodic(Runnable task, long initialDelayNanos, long periodNanos) {
    if (periodNanos <= 0) {
      throw new IllegalArgumentException("period: " + periodNanos + " ns (expected: more than 0)");
    }
    return add(Executors.callable(requireNonNull(task, "task")), initialDelayNanos, periodNanos);
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException("a FakeScheduler has no end: it is shared, as time is");
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException("a FakeScheduler has no end: it is shared, as time is");
  }

  /** What runs at a time. Time and number are guarded by the scheduler's monitor. */
  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final long periodNanos;
    private volatile long dueNanos;
    private long number;
    private volatile @Nullable Throwable failure;

    Task(Callable<V> action, long dueNanos, long number, long periodNanos) {
      super(action);
      this.dueNanos = dueNanos;
      this.number = number;
      this.periodNanos = periodNanos;
    }

    @Override
    public void run() {
      if (periodNanos == 0) {
        super.run();
      } else if (runAndReset()) {
        again(this, periodNanos);
      }
    }

    @Override
    protected void setException(Throwable thrown) {
      failure = thrown;
      super.setException(thrown);
    }

    void rethrow() {
      Throwable thrown = failure;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (thrown != null) {
        throw new IllegalStateException("a task threw", thrown);
      }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean first = super.cancel(mayInterrupt);
      if (first) {
        forgetCancelled();
      }
      return first;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - ticker.nanoTime(), NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(NANOSECONDS), other.getDelay(NANOSECONDS));
    }
  }
}
