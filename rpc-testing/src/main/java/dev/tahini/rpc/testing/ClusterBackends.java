package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.Endpoint;
import io.grpc.BindableService;
import io.grpc.ConnectivityState;
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
      List<BindableService> its = new ArrayList<>();
      services.forEach(service -> its.add(requireNonNull(service.apply(name), "service")));
      starting = TestBackend.of(name, transport.newFront(name, port), its, listed, surroundings);
      starting.start();
      members.add(starting);
      return starting;
    } catch (RuntimeException | Error e) {
      members.cancel(name);
      if (starting != null) {
        starting.close();
        new Endings().add(starting::awaitClosed).await();
      }
      throw e;
    }
  }

  /** Lets one finish its calls, then stops it. */
  void stop(TestBackend leaving) {
    try {
      if (leaving.isUp()) {
        leaving.drain();
      }
      leaving.awaitDrained();
    } finally {
      members.remove(leaving);
      leaving.close();
      new Endings().add(leaving::awaitClosed).await();
    }
  }

  /** Ends all of them, and the transport. */
  void close() {
    List<TestBackend> all = members.all();
    all.forEach(TestBackend::close);
    Endings endings = new Endings();
    all.forEach(backend -> endings.add(backend::awaitClosed));
    endings.add(transport::close).await();
  }

  /** Those that a client should get through to. */
  List<TestBackend> reachable() {
    return members.all().stream().filter(TestBackend::isReachable).toList();
  }

  /**
   * Whether one of the clients is connected to every reachable backend that it lists, and the
   * backends know it, too: a client that was cut off a moment ago may not have noticed.
   */
  boolean areConnected(ClientSnapshot client, List<ClientSnapshot> clients) {
    return reachable().stream()
        .filter(backend -> state(client, backend) != null)
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
