package dev.tahini.rpc;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * A scheme that says which backend owns a key. An SPI: two processes with the same scheme and the
 * same endpoints agree on every key, whatever the order in which they were listed. Thread-safe.
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

  /** Who owns which key among a fixed list of endpoints. Immutable; look-ups allocate nothing. */
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
     * The part of all keys that an endpoint owns.
     *
     * @param index of the endpoint in the list that the table was built from
     * @return 0 to 1
     */
    double share(int index);
  }
}
