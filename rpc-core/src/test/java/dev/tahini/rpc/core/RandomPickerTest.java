package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.draining;
import static dev.tahini.rpc.core.shard.Endpoints.endpoint;
import static dev.tahini.rpc.core.shard.Endpoints.endpoints;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.shard.Endpoints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomPickerTest {
  private final TestChannel channel = new TestChannel();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 20})
  void everyReadyBackendIsAsLikely(int count) {
    List<LiveBackend> listed = channel.connected(endpoints(count));
    TestChannel.load(listed.get(0), 50);

    assertEven(listed, Pick.random(), count);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 20})
  void everyReadyBackendIsAsLikelyFromAUsersGenerator(int count) {
    List<LiveBackend> listed = channel.connected(endpoints(count));

    assertEven(listed, Pick.random(new Random(3)), count);
  }

  @Test
  void onlyReadyBackendsArePickedFromAUsersGenerator() {
    List<LiveBackend> listed = channel.connected(endpoints(6));
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    channel.become(listed.get(4), CONNECTING);
    List<LiveBackend> ready = List.of(listed.get(0), listed.get(2), listed.get(3), listed.get(5));

    assertEven(ready, Pick.random(new Random(3)), ready.size());
  }

  @Test
  void onlyReadyBackendsArePicked() {
    List<LiveBackend> listed = channel.connected(endpoints(3));
    channel.become(listed.get(1), TRANSIENT_FAILURE);

    assertEven(List.of(listed.get(0), listed.get(2)), Pick.random(), 2);
  }

  @Test
  void noneReadyIsNone() {
    channel.become(channel.list(Endpoints.A).get(0), CONNECTING);

    assertNull(channel.pick(Pick.random()));
    assertNull(channel.pick(Pick.random(new Random(3))));
  }

  @Test
  void seededGeneratorRepeats() {
    channel.connected(endpoints(10));

    List<String> first = addresses(channel, new Random(3), 20);

    assertEquals(first, addresses(channel, new Random(3), 20));
    assertNotEquals(first, addresses(channel, new Random(4), 20));
  }

  @Test
  void orderInWhichBackendsConnectedDoesNotMatterToASeed() {
    assertSeedRepeats(endpoints(10), 10);
  }

  @Test
  void orderInWhichBackendsConnectedDoesNotMatterToASeedWhereSomeAreNotReady() {
    assertSeedRepeats(endpoints(10), 3);
  }

  @Test
  void orderInWhichBackendsConnectedDoesNotMatterToASeedWhereFewOfManyAreReady() {
    assertSeedRepeats(endpoints(1000), 3);
  }

  @Test
  void orderInWhichBackendsConnectedDoesNotMatterToASeedWhereAllAreDraining() {
    assertSeedRepeats(endpoints(10).stream().map(Endpoints::draining).toList(), 10);
  }

  /** Connects the first few, in two orders. */
  private static void assertSeedRepeats(List<Endpoint> endpoints, int ready) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < ready; i++) {
      order.add(i);
    }
    List<String> forward = addresses(connectedInOrder(endpoints, order), new Random(3), 20);
    Collections.reverse(order);
    List<String> backward = addresses(connectedInOrder(endpoints, order), new Random(3), 20);

    assertEquals(forward, backward);
  }

  private static TestChannel connectedInOrder(List<Endpoint> endpoints, List<Integer> order) {
    TestChannel fresh = new TestChannel();
    List<LiveBackend> listed = fresh.list(endpoints);
    listed.forEach(backend -> fresh.become(backend, TRANSIENT_FAILURE));
    order.forEach(i -> fresh.become(listed.get(i), READY));
    return fresh;
  }

  @Test
  void generatorIsDrawnFromOncePerPick() {
    channel.connected(endpoints(7));
    CountingGenerator generator = new CountingGenerator();

    for (int i = 0; i < 50; i++) {
      channel.pick(Pick.random(generator));
    }

    assertEquals(50, generator.draws);
  }

  @Test
  void oneReadyOfManyIsFound() {
    List<LiveBackend> listed = channel.list(endpoints(1000));
    channel.become(listed.get(777), READY);
    RandomGenerator generator = new Random(3);

    for (int i = 0; i < 100; i++) {
      assertSame(listed.get(777), channel.pick(Pick.random(generator)));
    }
  }

  @Test
  void drainingBackendIsPickedOnlyWhenNothingElseIsLeft() {
    List<LiveBackend> listed = channel.connected(List.of(draining(endpoint(1)), endpoint(2)));
    Pick seeded = Pick.random(new Random(3));

    for (int i = 0; i < 20; i++) {
      assertSame(listed.get(1), channel.pick(Pick.random()));
      assertSame(listed.get(1), channel.pick(seeded));
    }
    channel.become(listed.get(1), TRANSIENT_FAILURE);
    assertSame(listed.get(0), channel.pick(Pick.random()));
    assertSame(listed.get(0), channel.pick(seeded));
  }

  @Test
  void backendThatWasTriedIsAvoidedWhileThereAreOthers() {
    List<LiveBackend> listed = channel.connected(endpoints(4));
    Attempts attempts = TestChannel.tried(listed.get(0), listed.get(1), listed.get(3));
    Pick seeded = Pick.random(new Random(3));

    for (int i = 0; i < 50; i++) {
      assertSame(listed.get(2), channel.pick(Pick.random(), attempts));
      assertSame(listed.get(2), channel.pick(seeded, attempts));
    }
  }

  @Test
  void triedBackendIsPickedWhereThereIsNoOther() {
    List<LiveBackend> listed = channel.connected(endpoints(2));
    Attempts attempts = TestChannel.tried(listed.get(0), listed.get(1));

    Set<Backend> picked = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      picked.add(requireNonNull(channel.pick(Pick.random(), attempts)));
    }
    assertEquals(Set.copyOf(listed), picked);
  }

  private void assertEven(List<LiveBackend> expected, Pick pick, int count) {
    int[] counts = new int[count];
    for (int i = 0; i < count * 3_000; i++) {
      int index = expected.indexOf(requireNonNull(channel.pick(pick)));
      assertTrue(index >= 0, "one that is not ready");
      counts[index]++;
    }
    for (int i = 0; i < count; i++) {
      assertEquals(3_000, counts[i], 300, "backend " + i);
    }
  }

  private static List<String> addresses(TestChannel channel, RandomGenerator generator, int picks) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < picks; i++) {
      addresses.add(requireNonNull(channel.pick(Pick.random(generator))).address());
    }
    return addresses;
  }

  private static final class CountingGenerator implements RandomGenerator {
    private final Random random = new Random(3);
    int draws;

    @Override
    public long nextLong() {
      draws++;
      return random.nextLong();
    }
  }
}
