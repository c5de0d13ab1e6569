package dev.tahini.rpc.retry;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Where later attempts begin whose call has no executor of its own. */
final class RetryThreads {
  private static final int MOST = 32;

  private RetryThreads() {}

  /** Daemon threads that end a second after they were last needed. */
  static Executor start() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            MOST,
            MOST,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "tahini-retry");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
