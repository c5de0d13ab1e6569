package dev.tahini.rpc.examples.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo's own servers by their addresses, and the list of them that discovery finds. Confined to
 * one thread.
 */
final class Cast {
  private final Map<String, ServerProcess> servers = new LinkedHashMap<>();
  private final ServerFleet fleet;
  private final ServerList list;
  private final Duration usualDelay;

  Cast(ServerFleet fleet, ServerList list, Duration usualDelay) {
    this.fleet = fleet;
    this.list = list;
    this.usualDelay = usualDelay;
  }

  /** Starts the first servers, all at once, and lists them. */
  void enter(int count) throws IOException {
    List<ServerProcess> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starting.add(fleet.start(usualDelay));
    }
    starting.forEach(server -> servers.put(server.address().join(), server));
    list();
  }

  /** Starts one more, which is to be {@link #add added} when it listens. */
  ServerProcess startOneMore() throws IOException {
    return fleet.start(usualDelay);
  }

  /** Adds a server that listens; it is listed only by {@link #list()}. */
  void add(String address, ServerProcess server) {
    servers.put(address, server);
  }

  void kill(String address) {
    server(address).kill();
  }

  void forget(String address) {
    servers.remove(address);
  }

  /** Lists those that are here. */
  void list() {
    list.list(addresses());
  }

  List<String> addresses() {
    return List.copyOf(servers.keySet());
  }

  /** How long each of them takes for an answer. */
  Duration usualDelay() {
    return usualDelay;
  }

  private ServerProcess server(String address) {
    ServerProcess server = servers.get(address);
    if (server == null) {
      throw new IllegalArgumentException(address + ": none of " + servers.keySet());
    }
    return server;
  }
}
