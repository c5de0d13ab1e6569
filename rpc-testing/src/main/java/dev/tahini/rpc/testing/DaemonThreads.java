package dev.tahini.rpc.testing;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of a cluster: named, and none that keeps the JVM alive if a test forgets to close. */
final class DaemonThreads implements ThreadFactory {
  static final String PREFIX = "test-cluster-";

  private final String purpose;
  private final AtomicInteger made = new AtomicInteger();

  DaemonThreads(String purpose) {
    this.purpose = purpose;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, PREFIX + purpose + "-" + made.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
