package dev.tahini.rpc.core;

import io.grpc.Deadline;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
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

  static final Sources SYSTEM =
      new Sources(
          Deadline.getSystemTicker(),
          InstantSource.system(),
          ThreadLocalRandom::current,
          ForkJoinPool.commonPool());
}
