package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ring of the Go package: groupcache's consistent hash with as many points for each IP address
 * as there are IP addresses, at CRC-32 of {@code 0identity}, {@code 1identity} and so on. Of hosts
 * in one place the last in their order owns it. Hosts of one identity count once: the first in
 * their order stands for all of them, the others have no place.
 *
 * <p>Source: goma, {@code rpc/client.go}; groupcache, {@code consistenthash}.
 */
record Goma() implements ShardMap {
  /** Of more, the number of points would be no int. */
  private static final int MOST_ADDRESSES = 46_340;

  @Override
  public String name() {
    return "goma";
  }

  @Override
  public Table build(List<Endpoint> endpoints) {
    return ring(Host.sorted(endpoints, Host::ip));
  }

  /** The ring of hosts in the order given. */
  Ring ring(List<Host> hosts) {
    return new Ring(KeyHash.CRC_32, hosts, points(hosts));
  }

  /** The points of hosts in the order given, sorted, each hash once. */
  Points points(List<Host> hosts) {
    Set<String> seen = new HashSet<>();
    List<Host> distinct = hosts.stream().filter(host -> seen.add(host.identity())).toList();
    int replicas = distinct.size();
    if (replicas > MOST_ADDRESSES) {
      throw new InvalidValueException(
          "IP addresses", replicas, "at most " + MOST_ADDRESSES + " for the shard map goma");
    }
    Points points = new Points(replicas * replicas);
    for (Host host : distinct) {
      for (int number = 0; number < replicas; number++) {
        points.add(KeyHash.CRC_32.of((number + host.identity()).getBytes(UTF_8)), host.index());
      }
    }
    points.sort();
    points.keepLastOfEqual();
    return points;
  }
}
