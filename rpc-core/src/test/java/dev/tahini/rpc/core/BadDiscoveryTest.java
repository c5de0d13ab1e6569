package dev.tahini.rpc.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A discovery that breaks its contract is named, with the target. */
class BadDiscoveryTest {
  private static final Target TARGET = Target.parse(TestChannel.TARGET);
  private static final Endpoint A = Endpoint.of(new InetSocketAddress("10.0.0.1", 80));

  private final TestChannel channel = new TestChannel();
  private final FakeDiscovery discovery = new FakeDiscovery("fake");

  private EndpointWatch watch(Discovery discovery) {
    return new EndpointWatch(TARGET, discovery, channel.backends, channel.events);
  }

  /** Returns no subscription. */
  private static final class NoSubscription implements Discovery {
    @Override
    public Set<String> schemes() {
      return Set.of("none");
    }

    @Override
    @SuppressWarnings("NullAway") // what is tested
    public Subscription watch(Target target, Listener listener) {
      return null;
    }
  }

  @Test
  void watchThatIsNullIsRefused() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> watch(new NoSubscription()).start());

    assertEquals("greeter.prod:grpc: NoSubscription.watch returned null", e.getMessage());
  }

  @Test
  void watchThatThrowsIsNamed() {
    discovery.toThrow = new IllegalArgumentException("no file");

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> watch(discovery).start());

    assertEquals(
        "greeter.prod:grpc: FakeDiscovery failed to watch it:"
            + " java.lang.IllegalArgumentException: no file",
        e.getMessage());
  }

  @Test
  void nullAmongEndpointsIsNamedAndTheLastListStays() {
    watch(discovery).start();
    discovery.listener().onEndpoints(List.of(A));
    @SuppressWarnings("NullAway") // what is tested
    List<Endpoint> withNull = Arrays.asList(A, (@Nullable Endpoint) null);

    NullPointerException e =
        assertThrows(NullPointerException.class, () -> discovery.listener().onEndpoints(withNull));

    assertEquals(
        "greeter.prod:grpc: FakeDiscovery listed null: [10.0.0.1:80, null]", e.getMessage());
    assertEquals(1, channel.backends.current().backends().size());
  }

  @Test
  void errorThatIsNoneIsSaidToBeSo() {
    EndpointWatch watch = watch(discovery);
    watch.start();

    discovery.listener().onError(Status.OK);

    Status error = watch.lastError();
    assertEquals(Status.Code.UNAVAILABLE, error == null ? null : error.getCode());
    assertEquals(
        "FakeDiscovery reported an error with status OK",
        error == null ? null : error.getDescription());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "File", "1x", "a b"})
  void schemeThatNoTargetCanHaveIsRefused(String scheme) {
    InstalledDiscovery bad = new InstalledDiscovery(new FakeDiscovery(scheme), false);

    assertThrows(
        InvalidValueException.class, () -> new Discoveries(List.of(bad), channel.state.sources()));
  }

  @Test
  void discoveryWithoutSchemesIsRefused() {
    InstalledDiscovery bad = new InstalledDiscovery(new FakeDiscovery(), false);

    assertThrows(
        InvalidValueException.class, () -> new Discoveries(List.of(bad), channel.state.sources()));
  }
}
