package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Pick;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Hot keys, by Zipf's law with an exponent of 1.1, and what a bound on the load makes of them. */
class BoundedShardsTest {
  private static final double BOUND = 1.25;
  private static final int BACKENDS = 10;

  /** Looks at one client's backends at each of its picks. */
  private static final class Watch implements ClientFeature {
    private final long[] sums = new long[BACKENDS];
    private long picks;
    private long aboveBound;

    @Override
    public Optional<CallEvents> events(ClientView client) {
      return Optional.of(
          new CallEvents() {
            @Override
            public void onPick(Picked event) {
              look(event.backend().inFlight(), client.snapshot().backends());
            }
          });
    }

    /** The call that was picked for is among those in flight. */
    private void look(int picked, List<BackendSnapshot> backends) {
      picks++;
      int all = 0;
      int ready = 0;
      for (int i = 0; i < BACKENDS; i++) {
        int inFlight = backends.get(i).inFlight();
        sums[i] += inFlight;
        all += inFlight;
        ready += backends.get(i).state() == ConnectivityState.READY ? 1 : 0;
      }
      if (picked > Math.ceil(BOUND * all / ready)) {
        aboveBound++;
      }
    }

    /** The most that one had in flight on average, over the average of all; as picks saw it. */
    double maxOverAverage() {
      return most() / average();
    }

    private double most() {
      return LongStream.of(sums).max().orElseThrow() / (double) picks;
    }

    private double average() {
      return LongStream.of(sums).average().orElseThrow() / picks;
    }
  }

  private static Watch watch(Function<String, Pick> byKey) {
    Watch watch = new Watch();
    ServiceTime service = ServiceTime.exponential(Duration.ofMillis(10));
    SimulatedCluster.builder()
        .seed(42)
        .backends(BACKENDS, each -> each.withConcurrency(100).withServiceTime(service))
        .clients(1)
        .client((context, client) -> client.feature(watch))
        .pick(Keys.zipf(1_000, 1.1), byKey)
        .load(Arrivals.utilization(0.5))
        .run(Duration.ofSeconds(1));
    return watch;
  }

  @Test
  void noPickOfSomeHotKeysExceedsTheBound() {
    Watch watch = watch(key -> Pick.shard(key).bounded(BOUND));

    assertEquals(0, watch.aboveBound);
    // The bound is rounded up to a whole call.
    assertTrue(
        watch.most() <= BOUND * watch.average() + 1, () -> "max/avg " + watch.maxOverAverage());
  }

  @Test
  void withoutABoundTheyDo() {
    Watch watch = watch(Pick::shard);

    assertTrue(watch.aboveBound > 10_000, () -> watch.aboveBound + " picks");
    assertTrue(watch.maxOverAverage() > 2, () -> "max/avg " + watch.maxOverAverage());
  }
}
