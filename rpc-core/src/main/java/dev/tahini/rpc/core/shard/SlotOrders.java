package dev.tahini.rpc.core.shard;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The first owners of slots, remembered from the first time that a slot's second owner is asked
 * for: to find them takes a bid of everybody. Thread-safe: two threads may find the same at once,
 * and write the same.
 */
final class SlotOrders {
  /** So many owners of a slot are remembered. */
  static final int DEPTH = 4;

  /** An index and one more takes so many bits of a slot's order; none is 0. */
  private static final int INDEX_BITS = 16;

  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

  private final AtomicLongArray orders;

  SlotOrders(int slots) {
    this.orders = new AtomicLongArray(slots);
  }

  /** A slot's order, or 0 if it is not known yet. */
  long get(int slot) {
    return orders.getOpaque(slot);
  }

  void set(int slot, long order) {
    orders.setOpaque(slot, order);
  }

  static long pack(int[] owners) {
    long order = 0;
    for (int i = 0; i < owners.length; i++) {
      order |= (owners[i] + 1L) << (i * INDEX_BITS);
    }
    return order;
  }

  /** Who comes at a place in an order, or -1. */
  static int at(long order, int place) {
    return (int) (order >>> (place * INDEX_BITS) & INDEX_MASK) - 1;
  }
}
