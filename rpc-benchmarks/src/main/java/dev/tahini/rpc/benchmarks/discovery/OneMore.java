package dev.tahini.rpc.benchmarks.discovery;

import dev.tahini.rpc.benchmarks.fleet.EchoFleet;
import dev.tahini.rpc.benchmarks.fleet.Waiting;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lists one backend more and takes the time until it is called. Confined to the thread of the run.
 *
 * @param longestSeconds how long to wait for a call
 */
record OneMore(Greeter greeter, int longestSeconds, Samples samples) {

  /** Waits until each of the first backends has been called. */
  void awaitTraffic(int backends) {
    for (int i = 0; i < backends; i++) {
      if (Waiting.of(greeter.fleet().backend(i).nextCall(), longestSeconds).isEmpty()) {
        throw notCalled(i);
      }
    }
  }

  /** Notes how long the first call took to come, or that none came, which is false. */
  boolean measure(DiscoveryContender contender, int backend) {
    CompletableFuture<Long> firstCall = greeter.fleet().backend(backend).nextCall();
    long before = System.nanoTime();
    greeter.add(backend);
    long after = System.nanoTime();
    Optional<Long> called = Waiting.of(firstCall, longestSeconds);
    if (called.isEmpty()) {
      add(contender, Metrics.NOT_SEEN, longestSeconds);
      return false;
    }
    add(contender, Metrics.SECONDS, seconds(called.get() - before));
    add(contender, Metrics.SECONDS_AFTER, seconds(called.get() - after));
    return true;
  }

  IllegalStateException notCalled(int backend) {
    return new IllegalStateException(
        EchoFleet.address(backend) + ": no call (expected: one within " + longestSeconds + " s)");
  }

  private void add(DiscoveryContender contender, String metric, double value) {
    samples.add(Metrics.ONE_MORE, contender.label(), metric, value);
  }

  private static double seconds(long nanos) {
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
