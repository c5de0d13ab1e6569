package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Another map in which endpoints are known by their names in place of their addresses. One without
 * a name keeps its address. Of several with one name one has the keys, the serving one before those
 * that drain, then the one with the lesser address; the others get none.
 *
 * @param map the other
 */
record NamedShardMap(ShardMap map) implements ShardMap {
  private static final Comparator<Endpoint> BETTER =
      Comparator.comparing(Endpoint::condition).thenComparing(Endpoint::addressText);

  /** A name that stands in for an address: maps take an address's text for its identity. */
  private static final class NameAddress extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final String name;

    NameAddress(String name) {
      this.name = name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NameAddress that && that.name.equals(name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Override
  public String name() {
    return map.name() + " by name";
  }

  @Override
  public Table build(List<Endpoint> endpoints) {
    int[] owners = owners(endpoints);
    return ofAll(map.build(named(endpoints, owners)), owners, endpoints);
  }

  @Override
  public Table rebuild(Table last, List<Endpoint> endpoints) {
    int[] owners = owners(endpoints);
    Table named = last instanceof TableOfSome some ? some.table() : last;
    return ofAll(map.rebuild(named, named(endpoints, owners)), owners, endpoints);
  }

  /** The indices of those that have keys, ascending. */
  private static int[] owners(List<Endpoint> endpoints) {
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < endpoints.size(); i++) {
      byName.merge(
          identity(endpoints.get(i)),
          i,
          (a, b) -> BETTER.compare(endpoints.get(a), endpoints.get(b)) <= 0 ? a : b);
    }
    return byName.values().stream().mapToInt(i -> i).sorted().toArray();
  }

  private static Table ofAll(Table named, int[] owners, List<Endpoint> endpoints) {
    if (owners.length == endpoints.size()) {
      return named;
    }
    int[] others =
        IntStream.range(0, endpoints.size())
            .filter(i -> Arrays.binarySearch(owners, i) < 0)
            .boxed()
            .sorted(Comparator.comparing(endpoints::get, BETTER))
            .mapToInt(i -> i)
            .toArray();
    return new TableOfSome(named, owners, others);
  }

  private static String identity(Endpoint endpoint) {
    return endpoint.name().isEmpty() ? endpoint.addressText() : endpoint.name();
  }

  private static List<Endpoint> named(List<Endpoint> endpoints, int[] owners) {
    return IntStream.of(owners).mapToObj(i -> named(endpoints.get(i))).toList();
  }

  private static Endpoint named(Endpoint endpoint) {
    if (endpoint.name().isEmpty()) {
      return endpoint;
    }
    return new Endpoint(
        new NameAddress(endpoint.name()),
        endpoint.weight(),
        endpoint.zone(),
        endpoint.condition(),
        endpoint.name(),
        endpoint.attributes());
  }
}
