package dev.tahini.rpc.benchmarks.kubernetes;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The threads of a client, which are all those that its own threads start, and what they spend. The
 * server's are not among them. For one thread.
 */
final class ClientThreads {
  private static final int MOST_THREADS = 1_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ThreadGroup group = new ThreadGroup("client");
  private final Map<Long, Spent> lastKnown = new HashMap<>();

  /**
   * What was spent.
   *
   * @param cpuNanos on processors
   * @param bytes that were allocated
   */
  record Spent(long cpuNanos, long bytes) {
    Spent plus(Spent other) {
      return new Spent(cpuNanos + other.cpuNanos, bytes + other.bytes);
    }

    Spent minus(Spent other) {
      return new Spent(cpuNanos - other.cpuNanos, bytes - other.bytes);
    }
  }

  /** Does something in a thread of the client's. */
  <T> T run(Callable<T> task) {
    FutureTask<T> result = new FutureTask<>(task);
    new Thread(group, result, "client").start();
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** All that was spent so far; of a thread that has ended, what was when it was last asked for. */
  Spent spent() {
    Thread[] all = new Thread[MOST_THREADS];
    group.enumerate(all);
    Arrays.stream(all)
        .filter(Objects::nonNull)
        .forEach(
            thread -> {
              long id = thread.getId();
              long cpuNanos = threads.getThreadCpuTime(id);
              if (cpuNanos >= 0) {
                lastKnown.put(id, new Spent(cpuNanos, threads.getThreadAllocatedBytes(id)));
              }
            });
    return lastKnown.values().stream().reduce(new Spent(0, 0), Spent::plus);
  }
}
