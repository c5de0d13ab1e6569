package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.ConnectivityState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PinTest {
  /** The other, where it has a CPU, is never behind for as long; where it has none it is no use. */
  private static final int MOST_SPINS = 500;

  private final TestChannel channel = new TestChannel();
  private final List<LiveBackend> listed = channel.connected(Endpoints.endpoints(3));
  private final LiveBackend a = listed.get(0);
  private final LiveBackend b = listed.get(1);
  private final Pin pin = new Pin();

  @Test
  void firstCallMayChoose() {
    assertNull(pin.backend());
  }

  @Test
  void firstProposalIsTheChoice() {
    assertSame(a, pin.propose(a));
    assertSame(a, pin.backend());
  }

  @ParameterizedTest
  @EnumSource(
      value = ConnectivityState.class,
      names = {"IDLE", "CONNECTING", "READY"})
  void secondProposalGetsTheFirstWhileThatCanBeAwaited(ConnectivityState state) {
    pin.propose(a);
    channel.become(a, state);

    assertSame(a, pin.propose(b));
    assertSame(a, pin.backend());
  }

  @Test
  void proposalThatFailsBeforeItsStreamMayBeReplaced() {
    pin.propose(a);
    channel.become(a, TRANSIENT_FAILURE);

    assertNull(pin.backend());
    assertSame(b, pin.propose(b));
    assertSame(b, pin.backend());
  }

  @Test
  void backendWithAStreamStaysThoughItFails() {
    pin.propose(a);
    pin.fix(a);
    channel.become(a, TRANSIENT_FAILURE);

    assertSame(a, pin.backend());
    assertSame(a, pin.propose(b));
  }

  @Test
  void firstStreamWins() {
    pin.propose(a);
    pin.fix(a);
    pin.fix(b);

    assertSame(a, pin.backend());
  }

  @Test
  void streamCountsMoreThanAProposal() {
    pin.propose(a);
    pin.fix(b);

    assertSame(b, pin.backend());
    assertSame(b, pin.propose(a));
  }

  private enum Action {
    PROPOSE,
    FIX,
    FAIL,
    RECOVER
  }

  private record Step(Action action, int backend) {}

  @Property(tries = 1000)
  void firstStreamFixesThePinForGood(@ForAll("steps") List<Step> steps) {
    TestChannel fresh = new TestChannel();
    List<LiveBackend> backends = fresh.connected(Endpoints.endpoints(3));
    Pin each = new Pin();
    LiveBackend fixed = null;
    LiveBackend proposed = null;
    for (Step step : steps) {
      LiveBackend backend = backends.get(step.backend());
      switch (step.action()) {
        case PROPOSE -> {
          LiveBackend expected = fixed != null ? fixed : proposed;
          boolean stays = fixed != null || (expected != null && expected.canBeAwaited());
          proposed = stays ? expected : backend;
          assertSame(proposed, each.propose(backend));
        }
        case FIX -> {
          each.fix(backend);
          fixed = fixed == null ? backend : fixed;
        }
        case FAIL -> fresh.become(backend, TRANSIENT_FAILURE);
        case RECOVER -> fresh.become(backend, READY);
      }
      assertPinned(fixed, proposed, each);
    }
  }

  private static void assertPinned(
      @Nullable LiveBackend fixed, @Nullable LiveBackend proposed, Pin pin) {
    if (fixed != null) {
      assertSame(fixed, pin.backend());
    } else {
      assertSame(proposed == null || !proposed.canBeAwaited() ? null : proposed, pin.backend());
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(4, Action.PROPOSE),
                Tuple.of(1, Action.FIX),
                Tuple.of(3, Action.FAIL),
                Tuple.of(2, Action.RECOVER)),
            Arbitraries.integers().between(0, 2))
        .as(Step::new)
        .list()
        .ofMaxSize(12);
  }

  @Test
  void twoFirstCallsAtOnceGoToOneBackend() throws Exception {
    int rounds = 20_000;
    List<Pin> pins = pins(rounds);
    LiveBackend[] first = new LiveBackend[rounds];
    LiveBackend[] second = new LiveBackend[rounds];

    atOnce(rounds, i -> first[i] = pins.get(i).propose(a), i -> second[i] = pins.get(i).propose(b));

    for (int i = 0; i < rounds; i++) {
      assertSame(first[i], second[i]);
    }
  }

  @Test
  void streamIsNotForgottenWhileAnotherCallProposes() throws Exception {
    int rounds = 200_000;
    List<Pin> pins = pins(rounds);
    pins.forEach(each -> each.propose(a));
    channel.become(a, TRANSIENT_FAILURE);

    atOnce(rounds, i -> pins.get(i).fix(a), i -> pins.get(i).propose(b));

    assertEquals(rounds, pins.stream().filter(each -> each.backend() == a).count());
  }

  private static List<Pin> pins(int count) {
    List<Pin> pins = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pins.add(new Pin());
    }
    return pins;
  }

  /** Both threads do their part of a round, each round as close together as can be. */
  private static void atOnce(int rounds, IntConsumer one, IntConsumer other) throws Exception {
    AtomicInteger oneIsAt = new AtomicInteger(-1);
    AtomicInteger otherIsAt = new AtomicInteger(-1);
    CompletableFuture<Void> others =
        CompletableFuture.runAsync(() -> inStep(rounds, otherIsAt, oneIsAt, other));
    inStep(rounds, oneIsAt, otherIsAt, one);
    others.get(10, TimeUnit.SECONDS);
  }

  private static void inStep(
      int rounds, AtomicInteger mine, AtomicInteger theirs, IntConsumer part) {
    for (int i = 0; i < rounds; i++) {
      mine.set(i);
      for (int spins = 0; theirs.get() < i && spins < MOST_SPINS; spins++) {
        Thread.onSpinWait();
      }
      part.accept(i);
    }
    mine.set(rounds);
  }
}
