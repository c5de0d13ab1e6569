package dev.tahini.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Attributes;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiscoveryNameResolverTest {
  private static final Attributes.Key<String> KEY = Attributes.Key.create("test");
  private static final Attributes ATTRIBUTES = Attributes.newBuilder().set(KEY, "mine").build();
  private static final Target TARGET = Target.parse("greeter.prod:grpc");
  private static final Endpoint A =
      Endpoint.of(new InetSocketAddress("10.0.0.1", 80)).withWeight(3).withName("pod-a");
  private static final Endpoint B =
      Endpoint.of(new InetSocketAddress("10.0.0.2", 80))
          .withCondition(Endpoint.Condition.DRAINING)
          .withAttribute("version", "7");

  private final FakeDiscovery discovery = new FakeDiscovery();
  private final Heard heard = new Heard();
  private final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, e) -> {
            throw new AssertionError(e);
          });
  private final DiscoveryNameResolver resolver =
      new DiscoveryNameResolver(discovery, TARGET, "greeter.prod", ATTRIBUTES, syncContext);

  @Test
  void watchBeginsWhenGrpcStartsTheResolver() {
    assertEquals(0, discovery.watches.size());

    resolver.start(heard);

    assertEquals(1, discovery.watches.size());
    assertSame(TARGET, discovery.only().target);
  }

  @Test
  void endpointsSurviveTheTrip() {
    resolver.start(heard);

    discovery.only().listener.onEndpoints(List.of(A, B));

    assertEquals(List.of(List.of(A, B)), heard.lists);
  }

  @Test
  void listGoesWithTheAttributesOfTheClient() {
    resolver.start(heard);

    discovery.only().listener.onEndpoints(List.of(A));

    assertEquals(List.of("mine"), heard.attributes);
  }

  @Test
  void emptyListIsAnAnswer() {
    resolver.start(heard);

    discovery.only().listener.onEndpoints(List.of());

    assertEquals(List.of(List.of()), heard.lists);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void errorBeforeTheFirstListReachesGrpc() {
    Status error = Status.UNAVAILABLE.withDescription("no server");
    resolver.start(heard);

    discovery.only().listener.onError(error);

    assertEquals(List.of(error), heard.errors);
  }

  @Test
  void errorAfterAListDoesNotReachGrpc() {
    resolver.start(heard);

    discovery.only().listener.onEndpoints(List.of(A));
    discovery.only().listener.onError(Status.UNAVAILABLE);

    assertEquals(List.of(), heard.errors);
  }

  @Test
  void errorAfterAnEmptyListDoesNotReachGrpc() {
    resolver.start(heard);

    discovery.only().listener.onEndpoints(List.of());
    discovery.only().listener.onError(Status.UNAVAILABLE);

    assertEquals(List.of(), heard.errors);
  }

  @Test
  void listAfterAnErrorReachesGrpc() {
    resolver.start(heard);

    discovery.only().listener.onError(Status.UNAVAILABLE);
    discovery.only().listener.onEndpoints(List.of(A));

    assertEquals(List.of(List.of(A)), heard.lists);
  }

  @Test
  void listsAreHeardInTheChannelsContext() {
    resolver.start(heard);

    syncContext.execute(
        () -> {
          discovery.only().listener.onEndpoints(List.of(A));
          assertEquals(List.of(), heard.lists);
        });

    assertEquals(List.of(List.of(A)), heard.lists);
  }

  @Test
  void nothingIsHeardAfterShutdown() {
    resolver.start(heard);

    resolver.shutdown();
    discovery.only().listener.onEndpoints(List.of(A));
    discovery.only().listener.onError(Status.UNAVAILABLE);

    assertEquals(List.of(), heard.lists);
    assertEquals(List.of(), heard.errors);
  }

  @Test
  void listThatWaitsForTheContextIsNotHeardAfterShutdown() {
    resolver.start(heard);

    syncContext.execute(
        () -> {
          discovery.only().listener.onEndpoints(List.of(A));
          resolver.shutdown();
        });

    assertEquals(List.of(), heard.lists);
  }

  @Test
  void shutdownClosesTheWatch() {
    resolver.start(heard);

    resolver.shutdown();

    assertTrue(discovery.only().closed);
  }

  @Test
  void refreshIsPassedOn() {
    resolver.start(heard);

    resolver.refresh();
    resolver.refresh();

    assertEquals(2, discovery.only().refreshes);
  }

  @Test
  void discoveryThatThrowsFailsTheCalls() {
    RuntimeException thrown = new IllegalStateException("no network");
    discovery.toThrow = thrown;

    resolver.start(heard);

    assertEquals(1, heard.errors.size());
    Status error = heard.errors.get(0);
    assertEquals(Status.Code.UNAVAILABLE, error.getCode());
    assertEquals(
        "greeter.prod:grpc: java.lang.IllegalStateException: no network", error.getDescription());
    assertSame(thrown, error.getCause());
  }

  @Test
  void discoveryThatThrewIsWatchedAgainOnRefresh() {
    discovery.toThrow = new IllegalStateException("no network");
    resolver.start(heard);
    discovery.toThrow = null;

    resolver.refresh();
    discovery.only().listener.onEndpoints(List.of(A));

    assertEquals(List.of(List.of(A)), heard.lists);
  }

  @Test
  void refreshAfterShutdownWatchesNothing() {
    discovery.toThrow = new IllegalStateException("no network");
    resolver.start(heard);
    discovery.toThrow = null;

    resolver.shutdown();
    resolver.refresh();

    assertEquals(0, discovery.watches.size());
  }

  @Test
  void shutdownBeforeStartIsQuiet() {
    resolver.shutdown();

    assertEquals(0, discovery.watches.size());
  }

  @Test
  void authorityIsTheGivenOne() {
    assertEquals("greeter.prod", resolver.getServiceAuthority());
  }

  private static final class FakeDiscovery implements Discovery {
    final List<FakeWatch> watches = new ArrayList<>();
    @Nullable RuntimeException toThrow;

    @Override
    public Set<String> schemes() {
      return Set.of("fake");
    }

    @Override
    public Subscription watch(Target target, Listener listener) {
      if (toThrow != null) {
        throw toThrow;
      }
      FakeWatch watch = new FakeWatch(target, listener);
      watches.add(watch);
      return watch;
    }

    FakeWatch only() {
      assertEquals(1, watches.size());
      return watches.get(0);
    }
  }

  private static final class FakeWatch implements Discovery.Subscription {
    final Target target;
    final Discovery.Listener listener;
    int refreshes;
    boolean closed;

    FakeWatch(Target target, Discovery.Listener listener) {
      this.target = target;
      this.listener = listener;
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void refresh() {
      refreshes++;
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      return null;
    }
  }

  private static final class Heard extends NameResolver.Listener2 {
    final List<List<Endpoint>> lists = new ArrayList<>();
    final List<@Nullable String> attributes = new ArrayList<>();
    final List<Status> errors = new ArrayList<>();

    @Override
    public void onResult(NameResolver.ResolutionResult result) {
      throw new AssertionError("gRPC asks for onResult2 in the synchronization context");
    }

    @Override
    public Status onResult2(NameResolver.ResolutionResult result) {
      lists.add(result.getAddressesOrError().getValue().stream().map(Endpoint::of).toList());
      attributes.add(result.getAttributes().get(KEY));
      return Status.OK;
    }

    @Override
    public void onError(Status error) {
      errors.add(error);
    }
  }
}
