package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The servers that there are, in the order in which they came, and the discovery that lists them.
 * One that is listed no more still exists: it finishes its calls.
 */
final class Fleet implements Discovery {
  static final String SCHEME = "lab";

  private final Events events;
  private final Map<String, ModelServer> servers = new LinkedHashMap<>();
  private final Set<String> listed = new LinkedHashSet<>();
  private final List<Listener> watchers = new ArrayList<>();

  Fleet(Events events) {
    this.events = events;
  }

  /**
   * The server of a name, listed or not.
   *
   * @throws InvalidValueException if there is none
   */
  ModelServer server(String name) {
    ModelServer server = servers.get(name);
    if (server == null) {
      throw new InvalidValueException("backend", name, "one of " + servers.keySet());
    }
    return server;
  }

  Collection<ModelServer> servers() {
    return servers.values();
  }

  /** Starts a server, without telling the clients. */
  ModelServer add(ServerSpec spec) {
    if (servers.containsKey(spec.name())) {
      throw new InvalidValueException("backend", spec.name(), "a name that no other backend has");
    }
    ModelServer server = new ModelServer(spec, events);
    servers.put(spec.name(), server);
    listed.add(spec.name());
    return server;
  }

  /** Takes a server off the list, or puts it on again, without telling the clients. */
  void setListed(String name, boolean shall) {
    String known = server(name).spec().name();
    if (!(shall ? listed.add(known) : listed.remove(known))) {
      throw new InvalidValueException(
          "backend", name, shall ? "one that is not listed" : "one that is listed");
    }
  }

  /** Tells every client what is listed now, at once. */
  void publish() {
    List<Endpoint> endpoints = endpoints();
    List.copyOf(watchers).forEach(watcher -> watcher.onEndpoints(endpoints));
  }

  private List<Endpoint> endpoints() {
    return listed.stream()
        .map(name -> server(name).spec())
        .map(s -> Endpoint.of(new ServerAddress(s.name())).withZone(s.zone()).withName(s.name()))
        .toList();
  }

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    watchers.add(listener);
    listener.onEndpoints(endpoints());
    Instant confirmed = events.time().now();
    return new Subscription() {
      @Override
      public void close() {
        watchers.remove(listener);
      }

      @Override
      public Instant lastConfirmed() {
        return confirmed;
      }
    };
  }
}
