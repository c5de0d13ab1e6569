package dev.tahini.rpc.discovery.k8s;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {

  /** Any time from none to the bound, which doubles from the least to the most. */
  @Property(tries = 500)
  void waitIsJitteredInFull(
      @ForAll @IntRange(min = 1, max = 100) int failures, @ForAll Random random) {
    KubernetesOptions options =
        KubernetesOptions.defaults().withBackoff(Duration.ofMillis(100), Duration.ofSeconds(30));
    double bound = Math.min(30e9, 100e6 * Math.pow(2, failures - 1));

    long nanos = Backoff.nanos(failures, null, options, random);

    assertTrue(nanos >= 0 && nanos <= bound, () -> nanos + " ns after " + failures);
  }

  @Property(tries = 20)
  void wishForADayIsNotGranted(@ForAll Random random) {
    long nanos = Backoff.nanos(1, Duration.ofDays(1), KubernetesOptions.defaults(), random);

    assertTrue(nanos <= Duration.ofMinutes(6).toNanos(), () -> nanos + " ns");
  }

  /** Never sooner than the server asks for, and not all at once after that. */
  @Property(tries = 200)
  void serversWishIsAWaitAtLeast(
      @ForAll @IntRange(min = 1, max = 100) int failures, @ForAll Random random) {
    Duration wish = Duration.ofSeconds(7);

    long nanos = Backoff.nanos(failures, wish, KubernetesOptions.defaults(), random);

    assertTrue(nanos >= wish.toNanos() && nanos <= wish.plusSeconds(30).toNanos());
  }
}
