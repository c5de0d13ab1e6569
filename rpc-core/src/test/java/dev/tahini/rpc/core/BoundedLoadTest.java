package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

/** With the standard map, any backends, and any calls that begin, end, and lose their backends. */
class BoundedLoadTest {
  private final List<LiveBackend> running = new ArrayList<>();

  /** Calls with a key, some of them not the first attempts of theirs; and how many others end. */
  record Step(String key, int calls, int ends, int breaks, int tried) {}

  @Property(tries = 300)
  void noBackendIsEverGivenMoreThanTheBound(
      @ForAll("weights") List<Integer> weights,
      @ForAll @DoubleRange(min = 1, max = 3) double bound,
      @ForAll("steps") @Size(max = 30) List<Step> steps) {
    TestChannel channel = new TestChannel();
    List<LiveBackend> listed = channel.connected(endpoints(weights));
    channel.shards.current();
    channel.executor.runAll();

    for (Step step : steps) {
      flip(channel, listed.get(step.breaks() % listed.size()));
      for (int i = 0; i < step.calls(); i++) {
        List<LiveBackend> tried = listed.subList(0, step.tried() % (listed.size() + 1));
        call(channel, listed, Pick.shard(step.key()).bounded(bound), tried);
      }
      for (int i = 0; i < step.ends() && !running.isEmpty(); i++) {
        running.remove(running.size() / 2).stats().end(Status.OK, BackendStats.UNTIMED);
      }
    }
    running.clear();
  }

  private void call(
      TestChannel channel, List<LiveBackend> listed, Pick.Shard pick, List<LiveBackend> tried) {
    List<LiveBackend> ready =
        listed.stream().filter(b -> b.state() == ConnectivityState.READY).toList();
    long inFlight = ready.stream().mapToLong(LiveBackend::inFlight).sum();
    long weights = ready.stream().mapToLong(LiveBackend::weight).sum();
    Attempts attempts = TestChannel.tried(tried.toArray(new Backend[0]));
    LiveBackend picked = (LiveBackend) channel.pick(pick, attempts);
    if (ready.isEmpty()) {
      return; // waits, or fails
    }
    requireNonNull(picked);
    if (picked.state() == ConnectivityState.READY) {
      double most = Math.ceil(pick.bound() * (inFlight + 1) * picked.weight() / weights);
      assertTrue(picked.inFlight() + 1 <= most, () -> picked + " may have " + most);
      picked.stats().start(Deadline.getSystemTicker(), false);
      running.add(picked);
    } else {
      // Waited for: it is the key's owner, which is connected a moment later.
      assertEquals(ConnectivityState.CONNECTING, picked.state());
    }
  }

  private static void flip(TestChannel channel, LiveBackend backend) {
    channel.become(
        backend,
        switch (backend.state()) {
          case READY -> ConnectivityState.TRANSIENT_FAILURE;
          case TRANSIENT_FAILURE -> ConnectivityState.CONNECTING;
          default -> ConnectivityState.READY;
        });
  }

  private static List<Endpoint> endpoints(List<Integer> weights) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int weight : weights) {
      endpoints.add(Endpoints.endpoint(endpoints.size() + 1).withWeight(weight));
    }
    return endpoints;
  }

  @Provide
  Arbitrary<List<Integer>> weights() {
    return Arbitraries.of(1, 1, 1, 2, 5, 1000, Integer.MAX_VALUE).list().ofMinSize(1).ofMaxSize(12);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> keys =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just("hot")), Tuple.of(1, Arbitraries.strings().alpha()));
    return Combinators.combine(
            keys,
            Arbitraries.integers().between(0, 30),
            Arbitraries.integers().between(0, 20),
            Arbitraries.integers().between(0, 100),
            Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(0, 100))))
        .as(Step::new)
        .list();
  }
}
