package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Every failure is tried again, whatever it is: up to 5 attempts, 10 ms apart and then 1.6 times
 * more each time, give or take a fifth.
 *
 * @param random for the jitter
 */
record PlainRetries(RandomGenerator random) implements RetryPolicy {
  private static final int ATTEMPTS = 5;
  private static final double BASE_NANOS = 10e6;
  private static final double FACTOR = 1.6;
  private static final double JITTER = 0.2;

  @Override
  public Decision decide(History history) {
    int made = history.attempts();
    if (made >= ATTEMPTS) {
      return Decision.stop("no more than " + ATTEMPTS + " are made");
    }
    double nanos = BASE_NANOS * Math.pow(FACTOR, made - 1);
    double drawn = nanos * (1 + JITTER * (2 * random.nextDouble() - 1));
    return Decision.retryAfter(Duration.ofNanos((long) drawn));
  }
}
