package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.draining;
import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.shard.Endpoints;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ReadyBackendsTest {
  private static final int COUNT = 5;

  private final TestChannel channel = new TestChannel();
  private final ReadyBackends ready = channel.backends.ready();

  @Test
  void nothingIsReadyOrOnTheWayAtFirst() {
    assertEquals(Set.of(), current());
    assertFalse(ready.anyOnTheWay());
  }

  @Test
  void idleAndConnectingBackendsAreOnTheWay() {
    List<LiveBackend> listed = channel.list(Endpoints.A, Endpoints.B);

    channel.become(listed.get(0), IDLE);
    assertTrue(ready.anyOnTheWay());
    channel.become(listed.get(0), READY);
    assertFalse(ready.anyOnTheWay());
    channel.become(listed.get(1), CONNECTING);
    assertTrue(ready.anyOnTheWay());
  }

  /** Else a pick that began while a backend moved in the set would take its null for the answer. */
  @Test
  void versionIsEvenBetweenChangesSoThatOneReadDuringAChangeDiffers() {
    LiveBackend backend = channel.list(Endpoints.A).get(0);

    channel.become(backend, READY);
    assertEquals(0, ready.version() % 2);
    ready.remove(backend);
    assertEquals(0, ready.version() % 2);
  }

  @Test
  void failingBackendIsNeitherReadyNorOnTheWay() {
    LiveBackend backend = channel.list(Endpoints.A).get(0);

    channel.become(backend, TRANSIENT_FAILURE);

    assertEquals(Set.of(), current());
    assertFalse(ready.anyOnTheWay());
  }

  @Test
  void drainingBackendStandsByWhileAServingOneIsReady() {
    List<LiveBackend> listed = channel.connected(List.of(Endpoints.A, draining(Endpoints.B)));

    assertEquals(Set.of(listed.get(0)), current());
  }

  @Test
  void drainingBackendStandsByWhileAServingOneIsOnTheWay() {
    List<LiveBackend> listed = channel.list(Endpoints.A, draining(Endpoints.B));

    channel.become(listed.get(0), CONNECTING);
    channel.become(listed.get(1), READY);

    assertEquals(Set.of(), current());
  }

  @Test
  void drainingBackendIsPickedOnlyWhenNothingElseIsLeft() {
    List<LiveBackend> listed = channel.connected(List.of(Endpoints.A, draining(Endpoints.B)));

    channel.become(listed.get(0), TRANSIENT_FAILURE);
    assertEquals(Set.of(listed.get(1)), current());
    channel.become(listed.get(0), READY);
    assertEquals(Set.of(listed.get(0)), current());
  }

  @Test
  void backendThatBeginsToDrainMovesOver() {
    LiveBackend a = channel.connected(Endpoints.endpoints(2)).get(0);

    channel.list(draining(Endpoints.A), Endpoints.B);
    ready.update(a);

    assertFalse(current().contains(a));
    assertEquals(1, current().size());
  }

  @Test
  void removedBackendIsForgotten() {
    List<LiveBackend> listed = channel.connected(Endpoints.endpoints(2));

    ready.remove(listed.get(0));
    ready.remove(listed.get(0));

    assertEquals(Set.of(listed.get(1)), current());
  }

  @Test
  void lastServingBackendThatLeavesMakesRoomForTheDraining() {
    List<LiveBackend> listed = channel.connected(List.of(Endpoints.A, draining(Endpoints.B)));

    ready.remove(listed.get(0));

    assertEquals(Set.of(listed.get(1)), current());
  }

  @Test
  void errorIsThatOfTheLastConnectThatFailed() {
    List<LiveBackend> listed = channel.list(Endpoints.endpoints(2));
    assertNull(ready.lastError());

    channel.become(listed.get(0), TRANSIENT_FAILURE);
    channel.become(listed.get(1), TRANSIENT_FAILURE);

    Status error = ready.lastError();
    assertNotNull(error);
    assertEquals("10.0.0.2:80 refused", error.getDescription());
  }

  private record Change(int backend, ConnectivityState state, boolean draining, boolean leaves) {}

  @Property(tries = 500)
  void whatIsReadyFollowsTheRuleAfterEachChange(@ForAll("changes") List<Change> changes) {
    TestChannel channel = new TestChannel();
    ReadyBackends ready = channel.backends.ready();
    List<LiveBackend> all = channel.list(Endpoints.endpoints(COUNT));
    Set<LiveBackend> known = new HashSet<>();
    for (Change change : changes) {
      LiveBackend backend = all.get(change.backend());
      if (change.leaves()) {
        ready.remove(backend);
        known.remove(backend);
      } else {
        backend.setEndpoint(change.draining() ? draining(backend.endpoint()) : serving(backend));
        channel.become(backend, change.state());
        known.add(backend);
      }
      assertRule(known, ready);
    }
  }

  private static Endpoint serving(LiveBackend backend) {
    return backend.endpoint().withCondition(Endpoint.Condition.SERVING);
  }

  private static void assertRule(Set<LiveBackend> known, ReadyBackends ready) {
    Set<Backend> serving = new HashSet<>();
    Set<Backend> draining = new HashSet<>();
    boolean servingOnTheWay = false;
    boolean anyOnTheWay = false;
    for (LiveBackend backend : known) {
      if (backend.state() == READY) {
        (backend.isDraining() ? draining : serving).add(backend);
      } else if (backend.state() != TRANSIENT_FAILURE) {
        anyOnTheWay = true;
        servingOnTheWay |= !backend.isDraining();
      }
    }
    assertEquals(serving.isEmpty() && !servingOnTheWay ? draining : serving, members(ready));
    assertEquals(anyOnTheWay, ready.anyOnTheWay());
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, COUNT - 1),
            Arbitraries.of(IDLE, CONNECTING, READY, READY, TRANSIENT_FAILURE),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false, false, false))
        .as(Change::new)
        .list()
        .ofMaxSize(40);
  }

  private Set<Backend> current() {
    return members(ready);
  }

  private static Set<Backend> members(ReadyBackends ready) {
    Set<Backend> members = new HashSet<>();
    for (int i = 0; i < ready.current().size(); i++) {
      members.add(requireNonNull(ready.current().get(i)));
    }
    return members;
  }
}
