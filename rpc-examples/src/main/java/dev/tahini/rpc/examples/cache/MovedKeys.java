package dev.tahini.rpc.examples.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What becomes of keys when one server more joins.
 *
 * @param keys how many were asked for
 * @param toNewcomer how many of them go to it
 * @param betweenOthers how many go from one old server to another
 */
record MovedKeys(int keys, int toNewcomer, int betweenOthers) {

  /** Looks each key up in two tables, without and with the newcomer. */
  static MovedKeys of(
      ShardMap map, List<Endpoint> servers, Endpoint newcomer, Collection<String> keys) {
    List<Endpoint> more = new ArrayList<>(servers);
    more.add(newcomer);
    ShardMap.Table before = map.build(servers);
    ShardMap.Table after = map.rebuild(before, more);
    int toNewcomer = 0;
    int betweenOthers = 0;
    for (String key : keys) {
      Endpoint was = owner(before, servers, key);
      Endpoint is = owner(after, more, key);
      if (is.equals(newcomer)) {
        toNewcomer++;
      } else if (!is.equals(was)) {
        betweenOthers++;
      }
    }
    return new MovedKeys(keys.size(), toNewcomer, betweenOthers);
  }

  private static Endpoint owner(ShardMap.Table table, List<Endpoint> servers, String key) {
    return servers.get(table.owner(table.hash(key.getBytes(UTF_8))));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d keys moved to the new server, %,d between the others",
        toNewcomer,
        keys,
        betweenOthers);
  }
}
