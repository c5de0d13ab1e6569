package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that move when one list of endpoints comes after another. A move is needed if it is from
 * an endpoint that is gone or lighter, or to one that is new or heavier; any other is needless.
 */
record Moves(List<Endpoint> before, List<Endpoint> after) {

  /**
   * The part of all keys whose move is needless.
   *
   * @param ownersBefore by key, indices of the first list
   * @param ownersAfter the same of the second
   * @return 0 to 1
   */
  double needless(int[] ownersBefore, int[] ownersAfter) {
    int[] places = places(before, after);
    int[] formerPlaces = places(after, before);
    int count = 0;
    for (int key = 0; key < ownersBefore.length; key++) {
      int from = ownersBefore[key];
      int to = ownersAfter[key];
      boolean moved = places[from] != to;
      boolean needed = hasLess(from, places[from]) || hasMore(formerPlaces[to], to);
      if (moved && !needed) {
        count++;
      }
    }
    return (double) count / ownersBefore.length;
  }

  private boolean hasLess(int index, int place) {
    return place < 0 || after.get(place).weight() < before.get(index).weight();
  }

  private boolean hasMore(int formerPlace, int index) {
    return formerPlace < 0 || after.get(index).weight() > before.get(formerPlace).weight();
  }

  /** Where the endpoints of one list are in another; -1 for nowhere. */
  private static int[] places(List<Endpoint> from, List<Endpoint> to) {
    Map<SocketAddress, Integer> places = new HashMap<>();
    for (int i = 0; i < to.size(); i++) {
      places.put(to.get(i).address(), i);
    }
    return from.stream().mapToInt(each -> places.getOrDefault(each.address(), -1)).toArray();
  }
}
