package dev.tahini.rpc.core;

import dev.tahini.rpc.TimeSource;
import io.grpc.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One time for ticker, clock and timers, which passes when the test says so. Not thread-safe. */
final class FakeTime implements TimeSource {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong((Timer timer) -> timer.dueNanos));
  private final Scheduler scheduler = new Scheduler();
  private long nanos = TimeUnit.HOURS.toNanos(1);

  @Override
  public Deadline.Ticker ticker() {
    return new Deadline.Ticker() {
      @Override
      public long nanoTime() {
        return nanos;
      }
    };
  }

  @Override
  public InstantSource clock() {
    return () -> START.plusNanos(nanos);
  }

  @Override
  public ScheduledExecutorService scheduler() {
    return scheduler;
  }

  /** Lets time pass, and runs the timers that are due on the way. */
  void pass(Duration duration) {
    long end = nanos + duration.toNanos();
    while (!timers.isEmpty() && timers.element().dueNanos <= end) {
      Timer due = timers.remove();
      nanos = Math.max(nanos, due.dueNanos);
      due.run();
    }
    nanos = end;
  }

  /** How long until each timer that is still to run. */
  List<Duration> timers() {
    return timers.stream()
        .filter(timer -> !timer.isCancelled())
        .map(timer -> Duration.ofNanos(timer.dueNanos - nanos))
        .sorted()
        .toList();
  }

  private final class Timer extends FutureTask<Void> implements ScheduledFuture<Void> {
    private final long dueNanos;

    Timer(Runnable task, long dueNanos) {
      super(task, null);
      this.dueNanos = dueNanos;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(dueNanos - nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  private final class Scheduler extends AbstractExecutorService
      implements ScheduledExecutorService {
    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      Timer timer = new Timer(task, nanos + unit.toNanos(delay));
      timers.add(timer);
      return timer;
    }

    @Override
    public void execute(Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable task, long initialDelay, long period, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long initialDelay, long delay, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException();
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
      throw new UnsupportedOperationException();
    }
  }
}
