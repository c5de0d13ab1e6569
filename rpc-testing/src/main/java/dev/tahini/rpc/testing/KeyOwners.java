package dev.tahini.rpc.testing;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientView;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which backend owns which key at one moment: taken before and after a change, it tells what the
 * change moved. Immutable.
 *
 * @param owners the owner of each key: its address, or its name if {@link RpcTestCluster#owners}
 *     was asked
 */
public record KeyOwners(SortedMap<String, String> owners) {
  private static final int EXAMPLES = 5;

  /** Copies the map. */
  public KeyOwners {
    owners = Collections.unmodifiableSortedMap(new TreeMap<>(owners));
  }

  /**
   * As a client sees it now. Makes no call.
   *
   * @param client a client's view
   * @param keys whose owners are asked for
   * @return the owners, by their addresses
   * @throws AssertionError if the client has no backend
   */
  public static KeyOwners seenBy(ClientView client, Collection<String> keys) {
    SortedMap<String, String> owners = new TreeMap<>();
    for (String key : keys) {
      List<BackendSnapshot> inOrder = client.owners(key);
      if (inOrder.isEmpty()) {
        throw new AssertionError("key " + key + " has no owner: " + client.snapshot());
      }
      owners.put(key, inOrder.get(0).address());
    }
    return new KeyOwners(owners);
  }

  /** The same by other names, where there are such. */
  KeyOwners named(Map<String, String> names) {
    SortedMap<String, String> named = new TreeMap<>();
    owners.forEach((key, owner) -> named.put(key, names.getOrDefault(owner, owner)));
    return new KeyOwners(named);
  }

  /**
   * The keys whose owner another is later.
   *
   * @param later the owners of the same keys after a change
   * @return for each key that moved {@code "from -> to"}
   */
  public SortedMap<String, String> movedBy(KeyOwners later) {
    SortedMap<String, String> moved = new TreeMap<>();
    owners.forEach(
        (key, owner) -> {
          String now = later.owners.get(key);
          if (!Objects.equals(owner, now)) {
            moved.put(key, owner + " -> " + now);
          }
        });
    return moved;
  }

  /**
   * Asserts that a change moved no more than a share of the keys.
   *
   * @param later the owners of the same keys after it
   * @param mostShare from 0 (none may move) to 1
   * @return this
   * @throws AssertionError with the share, the sample's size and where the keys went
   */
  public KeyOwners assertMovedAtMost(KeyOwners later, double mostShare) {
    Map<String, String> moved = movedBy(later);
    double share = moved.size() / (double) Math.max(owners.size(), 1);
    if (share > mostShare || owners.isEmpty()) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "keys that moved: %d of %d, a share of %.3f (expected: at most %.3f) %s",
              moved.size(),
              owners.size(),
              share,
              mostShare,
              summary(moved)));
    }
    return this;
  }

  /** How many went each way, and some of them. */
  private static String summary(Map<String, String> moved) {
    Map<String, Integer> ways = new TreeMap<>();
    moved.values().forEach(way -> ways.merge(way, 1, Integer::sum));
    return ways + ", such as " + moved.keySet().stream().limit(EXAMPLES).toList();
  }
}
