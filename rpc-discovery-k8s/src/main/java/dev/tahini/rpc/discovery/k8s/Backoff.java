package dev.tahini.rpc.discovery.k8s;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait after failures in a row: any time up to a bound that doubles ("full jitter"), so
 * that a thousand clients do not come back in step; and not sooner than the server asks for, up to
 * 5 minutes.
 */
final class Backoff {
  private static final int MOST_DOUBLINGS = 30;

  /** What a server may ask for: a proxy's day would be a client's blind day. */
  private static final Duration MOST_ASKED_FOR = Duration.ofMinutes(5);

  private Backoff() {}

  static long nanos(
      int failures,
      @Nullable Duration retryAfter,
      KubernetesOptions options,
      RandomGenerator random) {
    long most = options.maxBackoff().toNanos();
    long first = options.minBackoff().toNanos();
    int doublings = Math.min(failures - 1, MOST_DOUBLINGS);
    long bound = first > (most >> doublings) ? most : first << doublings;
    long jitter = random.nextLong(bound + 1);
    if (retryAfter == null) {
      return jitter;
    }
    return Math.min(retryAfter.toNanos(), MOST_ASKED_FOR.toNanos()) + jitter;
  }
}
