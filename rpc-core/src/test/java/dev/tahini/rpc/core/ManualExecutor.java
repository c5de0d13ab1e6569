package dev.tahini.rpc.core;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Runs what it was given when the test says so, on the test's thread. */
final class ManualExecutor implements Executor {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  boolean refuses;

  @Override
  public void execute(Runnable task) {
    if (refuses) {
      throw new RejectedExecutionException("full");
    }
    tasks.add(task);
  }

  int waiting() {
    return tasks.size();
  }

  void runAll() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }
}
