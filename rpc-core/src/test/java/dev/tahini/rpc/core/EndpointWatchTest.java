package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.shard.Endpoints.A;
import static dev.tahini.rpc.core.shard.Endpoints.B;
import static dev.tahini.rpc.core.shard.Endpoints.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the client and its resolvers hear of the one watch that they share. */
class EndpointWatchTest {
  private static final Target TARGET = Target.parse(TestChannel.TARGET);

  private final TestChannel channel = new TestChannel();
  private final FakeDiscovery discovery = new FakeDiscovery("fake");
  private final EndpointWatch watch =
      new EndpointWatch(TARGET, discovery, channel.backends, channel.events);
  private final HeardAnswers heard = new HeardAnswers();

  @Test
  void watchBeginsWithTheClient() {
    watch.start();

    assertSame(TARGET, discovery.target);
  }

  @Test
  void listReachesTheBackendsWithoutAnyResolver() {
    watch.start();

    discovery.listener().onEndpoints(List.of(A, B));

    assertEquals(2, channel.backends.current().backends().size());
  }

  @Test
  void resolverThatAttachesLateGetsTheListAtOnce() {
    watch.start();
    discovery.listener().onEndpoints(List.of(A, B));

    watch.watch(TARGET, heard);

    assertEquals(List.of(List.of(A, B)), heard.lists);
  }

  @Test
  void resolverThatAttachesLateGetsTheNewestList() {
    watch.start();
    discovery.listener().onEndpoints(List.of(A, B));
    discovery.listener().onEndpoints(List.of(C));

    watch.watch(TARGET, heard);

    assertEquals(List.of(List.of(C)), heard.lists);
  }

  @Test
  void resolverThatAttachesLateGetsAnEmptyListToo() {
    watch.start();
    discovery.listener().onEndpoints(List.of());

    watch.watch(TARGET, heard);

    assertEquals(List.of(List.of()), heard.lists);
  }

  @Test
  void attachedResolverHearsEachList() {
    watch.start();
    watch.watch(TARGET, heard);

    discovery.listener().onEndpoints(List.of(A));
    discovery.listener().onEndpoints(List.of(B));

    assertEquals(List.of(List.of(A), List.of(B)), heard.lists);
  }

  @Test
  void backendsAreThereBeforeTheResolverHears() {
    watch.start();
    List<Integer> sizes = new ArrayList<>();
    watch.watch(
        TARGET,
        new HeardAnswers() {
          @Override
          public void onEndpoints(List<Endpoint> endpoints) {
            sizes.add(channel.backends.current().backends().size());
          }
        });

    discovery.listener().onEndpoints(List.of(A, B));

    assertEquals(List.of(2), sizes);
  }

  @Test
  void detachedResolverHearsNothingMore() {
    watch.start();
    Discovery.Subscription attachment = watch.watch(TARGET, heard);
    attachment.close();

    discovery.listener().onEndpoints(List.of(A));

    assertEquals(List.of(), heard.lists);
    assertEquals(1, channel.backends.current().backends().size());
  }

  @Test
  void detachedResolverLeavesTheWatchRunning() {
    watch.start();

    watch.watch(TARGET, heard).close();

    assertEquals(false, discovery.closed);
  }

  @Test
  void afterCloseNothingIsHeard() {
    watch.start();
    watch.watch(TARGET, heard);
    discovery.listener().onEndpoints(List.of(A));

    watch.close();
    discovery.listener().onEndpoints(List.of(B, C));
    discovery.listener().onError(Status.UNAVAILABLE);

    assertEquals(List.of(List.of(A)), heard.lists);
    assertEquals(List.of(), heard.errors);
    assertEquals(1, channel.backends.current().backends().size());
    assertNull(watch.lastError());
  }

  @Test
  void closeEndsTheWatch() {
    watch.start();

    watch.close();
    watch.close();

    assertTrue(discovery.closed);
  }

  @Test
  void refreshOfAResolverReachesTheSource() {
    watch.start();

    watch.watch(TARGET, heard).refresh();

    assertEquals(1, discovery.refreshes);
  }

  @Test
  void lastConfirmedIsTheSources() {
    assertNull(watch.lastConfirmed());
    watch.start();
    discovery.lastConfirmed = Instant.EPOCH;

    assertEquals(Instant.EPOCH, watch.lastConfirmed());
    assertEquals(Instant.EPOCH, watch.watch(TARGET, heard).lastConfirmed());
  }

  @Test
  void kindAndSchemesAreTheDiscoverys() {
    assertEquals("FakeDiscovery", watch.kind());
    assertEquals(Set.of("fake"), watch.schemes());
  }
}
