package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.draining;
import static dev.tahini.rpc.core.shard.Endpoints.endpoint;
import static dev.tahini.rpc.core.shard.Endpoints.endpoints;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeastLoadedPickerTest {
  private final TestChannel channel = new TestChannel();

  @Test
  void noneReadyIsNone() {
    LiveBackend a = channel.list(Endpoints.A).get(0);
    channel.become(a, CONNECTING);

    assertNull(channel.pick(Pick.leastLoaded()));
  }

  @Test
  void onlyOneReadyIsTheOne() {
    List<LiveBackend> listed = channel.list(endpoints(3));
    channel.become(listed.get(0), CONNECTING);
    channel.become(listed.get(1), READY);
    channel.become(listed.get(2), TRANSIENT_FAILURE);
    TestChannel.load(listed.get(1), 100);

    assertSame(listed.get(1), channel.pick(Pick.leastLoaded()));
  }

  private record Load(int inFlight, int weight) {
    /** In flight with the new call, for each unit of weight. */
    double cost() {
      return (inFlight + 1.0) / weight;
    }
  }

  @Property(tries = 500)
  void upToFourNoneIsBetterThanTheOnePicked(@ForAll("upToFour") List<Load> loads) {
    TestChannel fresh = new TestChannel();
    List<LiveBackend> listed = loaded(fresh, loads);

    Backend picked = requireNonNull(fresh.pick(Pick.leastLoaded()));

    double least = loads.stream().mapToDouble(Load::cost).min().orElseThrow();
    assertEquals(least, loads.get(listed.indexOf(picked)).cost(), 1e-12);
  }

  @Provide
  Arbitrary<List<Load>> upToFour() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 6), Arbitraries.of(1, 1, 2, 3, 100))
        .as(Load::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 10, 40})
  void worstOfMoreThanFourIsNeverPickedForTwoDistinctOnesAreDrawn(int count) {
    List<LiveBackend> listed = channel.connected(endpoints(count));
    TestChannel.load(listed.get(count / 2), 1);

    for (int i = 0; i < 20_000; i++) {
      assertFalse(listed.get(count / 2) == channel.pick(Pick.leastLoaded()));
    }
  }

  /** Of two distinct ones out of n, the r-th best is the better with chance 2(n-1-r)/(n(n-1)). */
  @Test
  void betterOfTwoDrawnAtRandomIsPicked() {
    int n = 10;
    int picks = 90_000;
    List<LiveBackend> listed = channel.connected(endpoints(n));
    for (int rank = 0; rank < n; rank++) {
      TestChannel.load(listed.get(rank), rank);
    }

    int[] counts = counts(listed, picks);

    for (int rank = 0; rank < n; rank++) {
      double expected = picks * 2.0 * (n - 1 - rank) / (n * (n - 1));
      assertEquals(expected, counts[rank], 300 + expected * 0.05, "rank " + rank);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 30})
  void equalsGetEqualShares(int count) {
    List<LiveBackend> listed = channel.connected(endpoints(count));

    int[] counts = counts(listed, count * 3_000);

    for (int i = 0; i < count; i++) {
      assertEquals(3_000, counts[i], 300, "backend " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 8})
  void equalsBesideABusierOneGetEqualShares(int equals) {
    List<LiveBackend> listed = channel.connected(endpoints(equals + 1));
    TestChannel.load(listed.get(equals), 50);

    int[] counts = counts(listed, equals * 3_000);

    for (int i = 0; i < equals; i++) {
      assertEquals(3_000, counts[i], 300, "backend " + i + " of " + Arrays.toString(counts));
    }
  }

  @Test
  void callsThatStaySpreadAlmostEvenly() {
    List<LiveBackend> listed = channel.connected(endpoints(100));

    for (int i = 0; i < 2_000; i++) {
      TestChannel.load((LiveBackend) requireNonNull(channel.pick(Pick.leastLoaded())), 1);
    }

    int most = listed.stream().mapToInt(LiveBackend::inFlight).max().orElseThrow();
    assertTrue(most <= 24, "20 on average, but " + most + " on one");
  }

  @Test
  void callsThatStayFollowTheWeights() {
    List<LiveBackend> listed =
        channel.connected(
            List.of(endpoint(1), endpoint(2).withWeight(2), endpoint(3).withWeight(5)));

    for (int i = 0; i < 800; i++) {
      TestChannel.load((LiveBackend) requireNonNull(channel.pick(Pick.leastLoaded())), 1);
    }

    assertEquals(List.of(100, 200, 500), listed.stream().map(LiveBackend::inFlight).toList());
  }

  @Test
  void largestLoadAndWeightDoNotOverflow() {
    List<LiveBackend> listed =
        channel.connected(
            List.of(endpoint(1).withWeight(Integer.MAX_VALUE), endpoint(2).withWeight(1)));
    TestChannel.load(listed.get(0), 1_000_000);

    assertSame(listed.get(0), channel.pick(Pick.leastLoaded()));
  }

  @Test
  void drainingBackendIsPickedOnlyWhenNothingElseIsLeft() {
    List<LiveBackend> listed = channel.connected(List.of(draining(endpoint(1)), endpoint(2)));
    TestChannel.load(listed.get(1), 100);

    assertSame(listed.get(1), channel.pick(Pick.leastLoaded()));
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    assertSame(listed.get(0), channel.pick(Pick.leastLoaded()));
  }

  @Property(tries = 300)
  void backendThatWasTriedIsAvoidedWhileThereAreOthers(@ForAll("someOf") List<Boolean> tried) {
    TestChannel fresh = new TestChannel();
    List<LiveBackend> listed = fresh.connected(endpoints(tried.size()));
    List<LiveBackend> before = new ArrayList<>();
    for (int i = 0; i < tried.size(); i++) {
      if (tried.get(i)) {
        before.add(listed.get(i));
      } else {
        TestChannel.load(listed.get(i), 10);
      }
    }
    Attempts attempts = TestChannel.tried(before.toArray(new LiveBackend[0]));

    for (int i = 0; i < 20; i++) {
      Backend picked = requireNonNull(fresh.pick(Pick.leastLoaded(), attempts));
      assertTrue(before.size() == tried.size() || !attempts.tried(picked));
    }
  }

  @Provide
  Arbitrary<List<Boolean>> someOf() {
    return Arbitraries.of(true, true, false).list().ofMinSize(1).ofMaxSize(12);
  }

  private static List<LiveBackend> loaded(TestChannel channel, List<Load> loads) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < loads.size(); i++) {
      endpoints.add(endpoint(i + 1).withWeight(loads.get(i).weight()));
    }
    List<LiveBackend> listed = channel.connected(endpoints);
    for (int i = 0; i < loads.size(); i++) {
      TestChannel.load(listed.get(i), loads.get(i).inFlight());
    }
    return listed;
  }

  private int[] counts(List<LiveBackend> listed, int picks) {
    int[] counts = new int[listed.size()];
    for (int i = 0; i < picks; i++) {
      counts[listed.indexOf(requireNonNull(channel.pick(Pick.leastLoaded())))]++;
    }
    return counts;
  }
}
