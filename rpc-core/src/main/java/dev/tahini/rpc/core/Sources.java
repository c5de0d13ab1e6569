package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.TimeSource;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Where a client takes time, chance and threads from.
 *
 * @param random asked on each pick, on the calling thread
 * @param executor builds shard tables, and looks up host names of static targets, which blocks
 */
record Sources(TimeSource time, Supplier<? extends RandomGenerator> random, Executor executor) {

  Sources {
    requireNonNull(time, "time");
    requireNonNull(random, "random");
    requireNonNull(executor, "executor");
  }

  /** The system's chance and threads of its own. */
  static Sources of(TimeSource time) {
    return new Sources(time, ThreadLocalRandom::current, background());
  }

  Sources withTime(TimeSource other) {
    return new Sources(other, random, executor);
  }

  Sources withRandom(Supplier<? extends RandomGenerator> other) {
    return new Sources(time, other, executor);
  }

  Sources withExecutor(Executor other) {
    return new Sources(time, random, other);
  }

  /**
   * Up to two daemon threads that end when they are not needed. Not the common pool: where an
   * application blocks that with calls, nobody would be left to build what the calls wait for.
   */
  static Executor background() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            2,
            2,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "tahini-background");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
