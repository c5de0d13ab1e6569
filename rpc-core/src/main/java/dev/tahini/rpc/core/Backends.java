package dev.tahini.rpc.core;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backends of one target: made when an endpoint is first listed, kept as long as it is listed,
 * whatever becomes of channels and balancers. Lists are applied by one thread at a time, as {@link
 * EndpointWatch} sees to, or in a plain channel the synchronization context; the current {@link
 * Listing} and the ready set are read by anyone.
 */
final class Backends {
  private static final Logger logger = LoggerFactory.getLogger(Backends.class);

  private final InstantSource clock;
  private final Pickers.Maker pickers;
  private final ReadyBackends ready = new ReadyBackends();
  private volatile Listing current = Listing.NONE;

  Backends(InstantSource clock, Pickers.Maker pickers) {
    this.clock = clock;
    this.pickers = pickers;
  }

  /** What a new list changed. */
  record Change(List<Backend> added, List<Backend> removed, List<Backend> changed) {
    boolean isNone() {
      return added.isEmpty() && removed.isEmpty() && changed.isEmpty();
    }
  }

  Listing current() {
    return current;
  }

  ReadyBackends ready() {
    return ready;
  }

  /**
   * Takes a new list: keeps the backends that stay, makes those that are new. Order alone is no
   * change.
   */
  Change apply(List<Endpoint> endpoints) {
    Map<SocketAddress, LiveBackend> leaving =
        current.backends().stream().collect(toMap(b -> b.endpoint().address(), identity()));
    List<LiveBackend> listed = new ArrayList<>(endpoints.size());
    List<Backend> added = new ArrayList<>();
    List<Backend> changed = new ArrayList<>();
    for (Endpoint endpoint : distinct(endpoints)) {
      LiveBackend backend = leaving.remove(endpoint.address());
      if (backend == null) {
        backend = new LiveBackend(this, endpoint, clock.instant());
        added.add(backend);
      } else if (!backend.endpoint().equals(endpoint)) {
        backend.setEndpoint(endpoint);
        changed.add(backend);
      }
      listed.add(backend);
    }
    Change change = new Change(added, List.copyOf(leaving.values()), changed);
    if (!change.isNone() || !current.answered()) {
      List<LiveBackend> backends = List.copyOf(listed);
      current = Listing.of(endpoints, backends, pickers.make(backends, this));
    }
    // Last: the balancer takes a SHUTDOWN in its list for the sign that there is a newer one.
    leaving.values().forEach(LiveBackend::delist);
    return change;
  }

  private static Iterable<Endpoint> distinct(List<Endpoint> endpoints) {
    Map<SocketAddress, Endpoint> distinct = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      Endpoint first = distinct.putIfAbsent(endpoint.address(), endpoint);
      if (first != null) {
        long sum = (long) first.weight() + endpoint.weight();
        int weight = (int) Math.min(sum, Integer.MAX_VALUE);
        distinct.put(endpoint.address(), first.withWeight(weight));
        logger.warn(
            "{} is listed twice: one backend, with the weights added: {}",
            endpoint.addressText(),
            weight);
      }
    }
    return distinct.values();
  }
}
