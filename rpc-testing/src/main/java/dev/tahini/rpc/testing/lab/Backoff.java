package dev.tahini.rpc.testing.lab;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long a subchannel waits after each failed connect: gRPC's connection backoff protocol, as
 * {@code ExponentialBackoffPolicy} has it: 1 s, 1.6 times longer each time, 120 s at most, jitter
 * 0.2.
 */
final class Backoff {
  private static final double FACTOR = 1.6;
  private static final double JITTER = 0.2;
  private static final double LONGEST_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final RandomGenerator random;
  private double nextNanos = TimeUnit.SECONDS.toNanos(1);

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  long nextNanos() {
    double now = nextNanos;
    nextNanos = Math.min(now * FACTOR, LONGEST_NANOS);
    return Math.round(now * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }
}
