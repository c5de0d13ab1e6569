package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.Endpoint;
import io.grpc.BindableService;
import io.grpc.ConnectivityState;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes the backends of a cluster, and ends them. Thread-safe: the state is that of its parts. */
final class ClusterBackends {
  private final Members members = new Members();
  private final List<Function<String, ? extends BindableService>> services;
  private final Transport transport;
  private final TestBackend.Surroundings surroundings;

  ClusterBackends(
      List<Function<String, ? extends BindableService>> services,
      Transport transport,
      TestBackend.Surroundings surroundings) {
    this.services = List.copyOf(services);
    this.transport = transport;
    this.surroundings = surroundings;
  }

  Members members() {
    return members;
  }

  /** Starts one under a name that none has; if it cannot start, nothing is left of it. */
  TestBackend start(String name, UnaryOperator<Endpoint> listed, @Nullable Integer port) {
    members.reserve(name);
    TestBackend starting = null;
    try {
      List<ServerServiceDefinition> its = servicesOf(name);
      starting = TestBackend.of(name, transport.newFront(name, port), its, listed, surroundings);
      starting.start();
      members.add(starting);
      return starting;
    } catch (RuntimeException | Error e) {
      members.cancel(name);
      if (starting != null) {
        new Endings().add(starting::close).add(starting::awaitClosed).awaitAfter(e);
      }
      throw e;
    }
  }

  private List<ServerServiceDefinition> servicesOf(String name) {
    List<ServerServiceDefinition> its = new ArrayList<>();
    services.forEach(
        service -> its.add(requireNonNull(service.apply(name), "service").bindService()));
    return its;
  }

  /** Lets one finish its calls, then stops it. */
  void stop(TestBackend leaving) {
    Endings endings =
        new Endings()
            .add(() -> members.remove(leaving))
            .add(leaving::close)
            .add(leaving::awaitClosed);
    try {
      if (leaving.isUp()) {
        leaving.drain();
      }
      leaving.awaitDrained();
    } catch (RuntimeException | Error e) {
      endings.awaitAfter(e);
      throw e;
    }
    endings.await();
  }

  /** Cuts all of them at once, then waits for each. */
  void endBy(Endings endings) {
    List<TestBackend> all = members.all();
    all.forEach(backend -> endings.add(backend::close));
    all.forEach(backend -> endings.add(backend::awaitClosed));
  }

  /** Those that a client should get through to. */
  private List<TestBackend> reachable() {
    return members.all().stream().filter(TestBackend::isReachable).toList();
  }

  /** Those of them that a client lists. */
  List<TestBackend> reachableBy(ClientSnapshot client) {
    return reachable().stream().filter(backend -> state(client, backend) != null).toList();
  }

  /**
   * Whether one of the clients is connected to every reachable backend that it lists, and the
   * backends know it, too: a client that was cut off a moment ago may not have noticed.
   */
  boolean areConnected(ClientSnapshot client, List<ClientSnapshot> clients) {
    return reachableBy(client).stream()
        .allMatch(
            backend ->
                state(client, backend) == ConnectivityState.READY
                    && backend.connections() >= readyTo(backend, clients));
  }

  private static long readyTo(TestBackend backend, List<ClientSnapshot> clients) {
    return clients.stream().filter(c -> state(c, backend) == ConnectivityState.READY).count();
  }

  private static @Nullable ConnectivityState state(ClientSnapshot client, TestBackend backend) {
    return client.backends().stream()
        .filter(listed -> listed.address().equals(backend.address()))
        .map(BackendSnapshot::state)
        .findFirst()
        .orElse(null);
  }
}
