package dev.tahini.rpc.core;

import static dev.tahini.rpc.core.Endpoints.A;
import static dev.tahini.rpc.core.Endpoints.B;
import static dev.tahini.rpc.core.Endpoints.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointWatchTest {
  private static final Target TARGET = Target.parse(TestChannel.TARGET);

  private final TestChannel channel = new TestChannel();
  private final FakeDiscovery discovery = new FakeDiscovery("fake");
  private final EndpointWatch watch =
      new EndpointWatch(TARGET, discovery, channel.backends, channel.events);
  private final Heard heard = new Heard();

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
        new Heard() {
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
  void errorNeverEmpties() {
    watch.start();
    discovery.listener().onEndpoints(List.of(A, B));

    discovery.listener().onError(Status.UNAVAILABLE);
    watch.watch(TARGET, heard);

    assertEquals(2, channel.backends.current().backends().size());
    assertEquals(List.of(List.of(A, B)), heard.lists);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void errorBeforeTheFirstListNamesTheTargetAndTheCause() {
    watch.start();
    watch.watch(TARGET, heard);
    Exception cause = new IllegalStateException("no route");

    discovery
        .listener()
        .onError(Status.NOT_FOUND.withDescription("no such service").withCause(cause));

    Status error = heard.onlyError();
    assertEquals(Status.Code.UNAVAILABLE, error.getCode());
    assertEquals(
        "greeter.prod:grpc: discovery has not answered yet: no such service",
        error.getDescription());
    assertSame(cause, error.getCause());
  }

  @Test
  void errorWithoutDescriptionIsItsCode() {
    watch.start();
    watch.watch(TARGET, heard);

    discovery.listener().onError(Status.PERMISSION_DENIED);

    assertEquals(
        "greeter.prod:grpc: discovery has not answered yet: PERMISSION_DENIED",
        heard.onlyError().getDescription());
  }

  @Test
  void resolverThatAttachesLateGetsTheErrorBeforeTheFirstList() {
    watch.start();
    discovery.listener().onError(Status.UNAVAILABLE.withDescription("refused"));

    watch.watch(TARGET, heard);

    assertEquals(
        "greeter.prod:grpc: discovery has not answered yet: refused",
        heard.onlyError().getDescription());
  }

  @Test
  void errorIsShownUntilTheSourceAnswersAgain() {
    Status refused = Status.UNAVAILABLE.withDescription("refused");
    watch.start();
    assertNull(watch.lastError());

    discovery.listener().onError(refused);
    assertSame(refused, watch.lastError());
    discovery.listener().onConfirmed();
    assertNull(watch.lastError());

    discovery.listener().onError(refused);
    discovery.listener().onEndpoints(List.of(A));
    assertNull(watch.lastError());
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
  void targetThatTheDiscoveryRefusesIsRefused() {
    discovery.toThrow = new InvalidValueException("option", "x", "none");

    assertSame(discovery.toThrow, assertThrows(InvalidValueException.class, watch::start));
  }

  @Test
  void kindAndSchemesAreTheDiscoverys() {
    assertEquals("FakeDiscovery", watch.kind());
    assertEquals(Set.of("fake"), watch.schemes());
  }

  @Test
  void changesOfTheListAreEvents() {
    List<String> said = new ArrayList<>();
    channel.events.listeners(List.of(new Telling(said)));
    watch.start();

    discovery.listener().onEndpoints(List.of(A, B));
    discovery.listener().onEndpoints(List.of(B, A));
    discovery.listener().onEndpoints(List.of(B.withWeight(2), C));
    discovery.listener().onError(Status.UNAVAILABLE);

    assertEquals(List.of("+2 -0 ~0 =2", "+1 -1 ~1 =2", "UNAVAILABLE"), said);
  }

  @Test
  void listenerThatThrowsDoesNotKeepAListFromTheOthers() {
    List<String> said = new ArrayList<>();
    CallEvents broken =
        new CallEvents() {
          @Override
          public void onEndpoints(EndpointsChanged event) {
            throw new IllegalStateException("broken listener");
          }
        };
    channel.events.listeners(List.of(broken, new Telling(said)));
    watch.start();
    watch.watch(TARGET, heard);

    discovery.listener().onEndpoints(List.of(A));

    assertEquals(List.of("+1 -0 ~0 =1"), said);
    assertEquals(List.of(List.of(A)), heard.lists);
  }

  private record Telling(List<String> said) implements CallEvents {
    @Override
    public void onEndpoints(EndpointsChanged event) {
      said.add(
          "+%d -%d ~%d =%d"
              .formatted(
                  event.added().size(),
                  event.removed().size(),
                  event.changed().size(),
                  event.size()));
    }

    @Override
    public void onDiscoveryError(DiscoveryFailed event) {
      said.add(event.error().getCode().name());
    }
  }

  private static class Heard implements Discovery.Listener {
    final List<List<Endpoint>> lists = new ArrayList<>();
    final List<Status> errors = new ArrayList<>();

    @Override
    public void onEndpoints(List<Endpoint> endpoints) {
      lists.add(endpoints);
    }

    @Override
    public void onError(Status error) {
      errors.add(error);
    }

    Status onlyError() {
      assertEquals(1, errors.size());
      return errors.get(0);
    }
  }
}
