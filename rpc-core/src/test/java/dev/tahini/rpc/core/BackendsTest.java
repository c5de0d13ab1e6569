package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static dev.tahini.rpc.core.shard.Endpoints.draining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.shard.Endpoints;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private final TestChannel channel = new TestChannel();
  private final Backends backends = channel.backends;

  @Test
  void beforeTheFirstListNothingIsAnswered() {
    assertFalse(backends.current().answered());
    assertEquals(List.of(), backends.current().backends());
  }

  @Test
  void emptyListIsAnAnswer() {
    Backends.Change change = backends.apply(List.of());

    assertTrue(change.isNone());
    assertTrue(backends.current().answered());
  }

  @Test
  void backendsAreInDiscoverysOrder() {
    channel.list(C, A, B);

    assertEquals(List.of("10.0.0.3:80", "10.0.0.1:80", "10.0.0.2:80"), addresses());
  }

  @Test
  void backendStaysTheSameWhileItsEndpointIsListed() {
    LiveBackend b = channel.list(A, B).get(1);

    assertSame(b, channel.list(B, C).get(0));
  }

  @Test
  void backendKeepsItsCountsOverLists() {
    TestChannel.load(channel.list(A).get(0), 3);

    assertEquals(3, channel.list(B, A).get(1).inFlight());
  }

  @Test
  void endpointThatComesBackIsANewBackend() {
    LiveBackend before = channel.list(A, B).get(0);
    channel.list(B);

    assertNotSame(before, channel.list(A, B).get(0));
  }

  @Test
  void changeTellsWhatCameAndWentAndChanged() {
    List<LiveBackend> before = channel.list(A, B);

    Backends.Change change = backends.apply(List.of(B.withWeight(2), C));

    assertEquals(List.of(before.get(0)), change.removed());
    assertEquals(List.of(before.get(1)), change.changed());
    assertEquals(List.of(backends.current().backends().get(1)), change.added());
  }

  @Test
  void changedEndpointIsReadOnTheSameBackend() {
    LiveBackend a = channel.list(A).get(0);

    channel.list(draining(A).withWeight(5));

    assertEquals(5, a.endpoint().weight());
    assertTrue(a.isDraining());
  }

  @Test
  void orderAloneIsNoChange() {
    channel.list(A, B, C);
    Listing before = backends.current();

    Backends.Change change = backends.apply(List.of(C, A, B));

    assertTrue(change.isNone());
    assertSame(before, backends.current());
  }

  @Test
  void sameListIsNoChange() {
    channel.list(A, B);
    Listing before = backends.current();

    assertTrue(backends.apply(List.of(A, B)).isNone());
    assertSame(before, backends.current());
  }

  @Test
  void secondEmptyListIsNoChange() {
    channel.list();
    Listing before = backends.current();

    assertTrue(backends.apply(List.of()).isNone());
    assertSame(before, backends.current());
  }

  @Test
  void anyChangeOfAnEndpointMakesANewListing() {
    channel.list(A, B);
    Listing before = backends.current();

    channel.list(A.withZone("z"), B);

    assertNotSame(before, backends.current());
  }

  @Test
  void endpointListedTwiceIsOneBackendWithTheWeightsAdded() {
    List<LiveBackend> listed = channel.list(A.withWeight(2), B, A.withWeight(3));

    assertEquals(List.of("10.0.0.1:80", "10.0.0.2:80"), addresses());
    assertEquals(5, listed.get(0).endpoint().weight());
  }

  @Test
  void addedWeightsStayWithinAnInt() {
    List<LiveBackend> listed =
        channel.list(A.withWeight(Integer.MAX_VALUE), A.withWeight(Integer.MAX_VALUE));

    assertEquals(Integer.MAX_VALUE, listed.get(0).endpoint().weight());
  }

  @Test
  void sameListWithAnEndpointTwiceIsNoChange() {
    List<Endpoint> twice = List.of(A, A.withWeight(2), B);
    backends.apply(twice);

    assertTrue(backends.apply(twice).isNone());
  }

  @Test
  void backendKnowsWhoseItIs() {
    LiveBackend mine = channel.list(A).get(0);

    assertTrue(mine.isOf(backends));
    assertFalse(mine.isOf(new TestChannel().backends));
  }

  @Test
  void manyEndpointsAreEachOneBackend() {
    List<LiveBackend> listed = channel.list(Endpoints.endpoints(1000));

    assertEquals(1000, Set.copyOf(new HashSet<>(listed)).size());
  }

  private List<String> addresses() {
    return backends.current().backends().stream().map(LiveBackend::address).toList();
  }
}
