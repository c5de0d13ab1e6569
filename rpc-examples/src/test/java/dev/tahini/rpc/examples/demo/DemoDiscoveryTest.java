package dev.tahini.rpc.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoDiscoveryTest {
  private static final Target TARGET = Target.parse("demo:///servers");
  private static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");
  private static final Endpoint A = Endpoint.of(new InetSocketAddress("10.0.0.1", 1));
  private static final Endpoint B = Endpoint.of(new InetSocketAddress("10.0.0.2", 1));

  private final DemoDiscovery discovery = new DemoDiscovery(() -> NOW);
  private final List<List<Endpoint>> heard = new ArrayList<>();
  private final Discovery.Listener listener =
      new Discovery.Listener() {
        @Override
        public void onEndpoints(List<Endpoint> endpoints) {
          heard.add(endpoints);
        }

        @Override
        public void onError(Status error) {
          throw new AssertionError(error);
        }
      };

  @Test
  void nothingIsDeliveredBeforeTheFirstList() {
    try (Discovery.Subscription watch = discovery.watch(TARGET, listener)) {
      assertEquals(List.of(), heard);
      assertNull(watch.lastConfirmed());
    }
  }

  @Test
  void aNewWatchHearsTheListAtOnceInItsOrder() {
    discovery.list(new LinkedHashSet<>(List.of(B, A)));

    try (Discovery.Subscription watch = discovery.watch(TARGET, listener)) {
      assertEquals(List.of(List.of(B, A)), heard);
      assertEquals(NOW, watch.lastConfirmed());
    }
  }

  @Test
  void anEqualListInWhateverOrderIsNotDeliveredAgain() {
    Discovery.Subscription watch = discovery.watch(TARGET, listener);
    discovery.list(new LinkedHashSet<>(List.of(A, B)));
    discovery.list(new LinkedHashSet<>(List.of(B, A)));
    discovery.list(Set.of());
    watch.close();

    assertEquals(List.of(List.of(A, B), List.of()), heard);
  }

  @Test
  void nothingIsDeliveredAfterClose() {
    discovery.watch(TARGET, listener).close();

    discovery.list(Set.of(A));

    assertEquals(List.of(), heard);
  }
}
