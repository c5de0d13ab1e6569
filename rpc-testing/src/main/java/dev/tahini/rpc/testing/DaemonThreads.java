package dev.tahini.rpc.testing;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of a cluster: named, and none that keeps the JVM alive if a test forgets to close. */
final class DaemonThreads implements ThreadFactory {
  static final String PREFIX = "test-cluster-";

  private final String purpose;
  private final String cluster;
  private final AtomicInteger made = new AtomicInteger();

  DaemonThreads(String purpose, String cluster) {
    this.purpose = purpose;
    this.cluster = cluster;
  }

  @Override
  public Thread newThread(Runnable task) {
    String name = PREFIX + purpose + "-" + made.incrementAndGet() + " of " + cluster;
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
