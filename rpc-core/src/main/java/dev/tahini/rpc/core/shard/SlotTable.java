package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The slots that keys fall into, and whose they are: whoever {@linkplain Bidder bids} lowest for a
 * slot. The others follow in the order of their bids. Immutable but for what it remembers.
 */
final class SlotTable implements ShardMap.Table {
  private final List<Endpoint> endpoints;
  private final Bidders bidders;
  private final char[] owners;
  private final double latest;
  private final long weightWhenBuilt;

  /** Null until somebody asks for shares. */
  private volatile int @Nullable [] slotCounts;

  /** Null until somebody asks for more than an owner. */
  private volatile @Nullable SlotOrders orders;

  /**
   * A table.
   *
   * @param owners of each slot, block by block
   * @param latest a time that no owner's bid exceeds
   * @param weightWhenBuilt of all when it was last built as a whole
   */
  SlotTable(
      List<Endpoint> endpoints,
      Bidders bidders,
      char[] owners,
      double latest,
      long weightWhenBuilt) {
    this.endpoints = endpoints;
    this.bidders = bidders;
    this.owners = owners;
    this.latest = latest;
    this.weightWhenBuilt = weightWhenBuilt;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }

  Bidders bidders() {
    return bidders;
  }

  /** Not to be changed. */
  char[] owners() {
    return owners;
  }

  double latest() {
    return latest;
  }

  long weightWhenBuilt() {
    return weightWhenBuilt;
  }

  @Override
  public long hash(byte[] key) {
    return KeyHash.XXH64.of(key);
  }

  @Override
  public int owner(long hash) {
    return owners[slot(hash)];
  }

  /** In a block by the upper half of the hash, there by its last bits. */
  private int slot(long hash) {
    int blocks = owners.length >>> Bidder.BLOCK_BITS;
    int block = (int) (((hash >>> Integer.SIZE) * blocks) >>> Integer.SIZE);
    return (block << Bidder.BLOCK_BITS) | ((int) hash & (Bidder.BLOCK - 1));
  }

  @Override
  public int owner(long hash, IntPredicate usable) {
    int slot = slot(hash);
    if (usable.test(owners[slot])) {
      return owners[slot];
    }
    long order = order(slot);
    for (int place = 1; place < SlotOrders.DEPTH; place++) {
      int next = SlotOrders.at(order, place);
      if (next < 0 || usable.test(next)) {
        return next;
      }
    }
    return lowest(slot, usable);
  }

  private int lowest(int slot, IntPredicate usable) {
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < bidders.size(); i++) {
      long bid = bidders.bid(i, slot);
      if (bid < lowest && usable.test(i)) {
        lowest = bid;
      }
    }
    return lowest == Long.MAX_VALUE ? -1 : bidders.bidder(lowest);
  }

  @Override
  public int owners(long hash, int[] first) {
    int slot = slot(hash);
    int count = Math.min(first.length, bidders.size());
    if (count > SlotOrders.DEPTH) {
      sort(slot, first, count);
      return count;
    }
    long order = order(slot);
    for (int place = 0; place < count; place++) {
      first[place] = SlotOrders.at(order, place);
    }
    return count;
  }

  private void sort(int slot, int[] first, int count) {
    long[] bids = new long[bidders.size()];
    for (int i = 0; i < bids.length; i++) {
      bids[i] = bidders.bid(i, slot);
    }
    Arrays.sort(bids);
    for (int i = 0; i < count; i++) {
      first[i] = bidders.bidder(bids[i]);
    }
  }

  private long order(int slot) {
    SlotOrders known = orders;
    if (known == null) {
      known = new SlotOrders(owners.length);
      orders = known;
    }
    long order = known.get(slot);
    if (order == 0) {
      order = select(slot);
      known.set(slot, order);
    }
    return order;
  }

  /** The lowest bids of all, found by inserting each that is among the lowest so far. */
  private long select(int slot) {
    long[] bids = new long[Math.min(SlotOrders.DEPTH, bidders.size())];
    Arrays.fill(bids, Long.MAX_VALUE);
    int last = bids.length - 1;
    for (int i = 0; i < bidders.size(); i++) {
      long bid = bidders.bid(i, slot);
      if (bid < bids[last]) {
        int at = last;
        while (at > 0 && bids[at - 1] > bid) {
          bids[at] = bids[at - 1];
          at--;
        }
        bids[at] = bid;
      }
    }
    int[] order = new int[bids.length];
    for (int place = 0; place < order.length; place++) {
      order[place] = bidders.bidder(bids[place]);
    }
    return SlotOrders.pack(order);
  }

  @Override
  public double share(int index) {
    int[] counts = slotCounts;
    if (counts == null) {
      counts = new int[bidders.size()];
      for (char owner : owners) {
        counts[owner]++;
      }
      slotCounts = counts;
    }
    return (double) counts[index] / owners.length;
  }
}
