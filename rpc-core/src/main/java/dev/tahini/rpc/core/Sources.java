package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import io.grpc.Deadline;
import java.time.InstantSource;
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
 * @param ticker for durations
 * @param clock for points in time
 * @param random asked on each pick, on the calling thread
 * @param executor builds shard tables, and looks up host names of static targets, which blocks
 */
record Sources(
    Deadline.Ticker ticker,
    InstantSource clock,
    Supplier<? extends RandomGenerator> random,
    Executor executor) {

  Sources {
    requireNonNull(ticker, "ticker");
    requireNonNull(clock, "clock");
    requireNonNull(random, "random");
    requireNonNull(executor, "executor");
  }

  /** The system's, with threads of its own. */
  static Sources system() {
    return new Sources(
        Deadline.getSystemTicker(),
        InstantSource.system(),
        ThreadLocalRandom::current,
        background());
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
