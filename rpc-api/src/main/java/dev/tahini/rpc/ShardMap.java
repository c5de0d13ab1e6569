package dev.tahini.rpc;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A scheme that says which backend owns a key. An SPI: two processes with the same scheme and the
 * same endpoints agree on every key, whatever the order in which they were listed. Thread-safe.
 * Clients share a channel only where their maps are equal.
 */
public interface ShardMap {

  /**
   * The scheme's name, for pages and messages.
   *
   * @return such as {@code "standard"}
   */
  String name();

  /**
   * Builds the table of a list of endpoints. Runs on an executor of the client, and may take long.
   *
   * @param endpoints at least one, no address twice
   * @return the finished table; its indices are those of the list
   */
  Table build(List<Endpoint> endpoints);

  /**
   * Builds the table of a list that came after another: the very table that {@link #build} would
   * make, in less time where little has changed.
   *
   * @param last a table that this map built; it goes on to serve
   * @param endpoints at least one, no address twice
   * @return the finished table; its indices are those of the new list
   */
  default Table rebuild(Table last, List<Endpoint> endpoints) {
    return build(endpoints);
  }

  /**
   * Who owns which key among a fixed list of endpoints. Immutable; look-ups allocate nothing. Asked
   * in the middle of a pick: it must not block, nor make calls.
   */
  interface Table {

    /**
     * Where a key comes in the table's order.
     *
     * @param key the key's UTF-8 bytes
     * @return the scheme's own hash of it, unsigned
     */
    long hash(byte[] key);

    /**
     * Whose the key is.
     *
     * @param hash of the key
     * @return the index of its owner in the list that the table was built from
     */
    int owner(long hash);

    /**
     * Whose the key is while some endpoints are away: the first in the key's own order that can be
     * used. The order is the same in every process.
     *
     * @param hash of the key
     * @param usable tells by its index whether an endpoint can be used; asked of some or all of
     *     them
     * @return the index of the endpoint in the list that the table was built from, or -1 if none
     *     can be used
     */
    int owner(long hash, IntPredicate usable);

    /**
     * A key's first owners, in its own order: the same in every process. This default asks {@link
     * #owner(long, IntPredicate)} for each, and allocates: a table that can tell more of its order
     * overrides it.
     *
     * @param hash of the key
     * @param first is filled with the indices of endpoints in the list that the table was built
     *     from, each once
     * @return how many there are: fewer than there is room for if there are no more endpoints
     */
    default int owners(long hash, int[] first) {
      int count = 0;
      while (count < first.length) {
        int known = count;
        int next =
            owner(hash, index -> IntStream.range(0, known).noneMatch(i -> first[i] == index));
        if (next < 0) {
          break;
        }
        first[count] = next;
        count++;
      }
      return count;
    }

    /**
     * The part of all keys that an endpoint owns.
     *
     * @param index of the endpoint in the list that the table was built from
     * @return 0 to 1
     */
    double share(int index);
  }
}
