package dev.tahini.rpc.examples.demo;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientView;
import io.grpc.ConnectivityState;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * Which server serves which key at one moment. Immutable.
 *
 * @param servers each key's server, by its address
 */
record KeyMap(Map<String, String> servers) {

  KeyMap {
    servers = Map.copyOf(servers);
  }

  /** Asks the client for each key. */
  static KeyMap of(ClientView client, Collection<String> keys) {
    return new KeyMap(
        keys.stream().collect(toMap(Function.identity(), key -> server(client, key))));
  }

  private static String server(ClientView client, String key) {
    // As the shard pick has it: the owner, or in its absence the next one.
    return client.owners(key).stream()
        .filter(owner -> owner.state() != ConnectivityState.TRANSIENT_FAILURE)
        .findFirst()
        .map(BackendSnapshot::address)
        .orElse("none");
  }

  /** How many keys each server has; servers without any are left out. */
  Map<String, Integer> counts() {
    return servers.values().stream()
        .collect(
            groupingBy(
                Function.identity(), TreeMap::new, collectingAndThen(counting(), Long::intValue)));
  }

  /** The keys that another server serves later. */
  Set<String> movedUntil(KeyMap later) {
    return keysWhere((key, server) -> !server.equals(later.servers.get(key)));
  }

  /** The keys of one server. */
  Set<String> keysOf(String address) {
    return keysWhere((key, server) -> server.equals(address));
  }

  private Set<String> keysWhere(BiPredicate<String, String> holds) {
    return servers.entrySet().stream()
        .filter(entry -> holds.test(entry.getKey(), entry.getValue()))
        .map(Map.Entry::getKey)
        .collect(toUnmodifiableSet());
  }

  int size() {
    return servers.size();
  }
}
