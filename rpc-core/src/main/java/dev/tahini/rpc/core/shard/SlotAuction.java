package dev.tahini.rpc.core.shard;

import java.util.Arrays;

/**
 * Finds the lowest bids for slots, block by block. Each bidder bids for the slots that it ranks
 * first; the few slots that are left over are decided among all. So it takes about ln N bids for a
 * slot in place of N. Not thread-safe.
 */
final class SlotAuction {
  private final Bidders bidders;

  /** Whose lowest bid is less than this has an owner that nobody of a later rank underbids. */
  private final long likely;

  private final int[] likelyRanks;
  private final int[] ranks;
  private int block;
  private Bidder.Orders orders;

  /**
   * An auction of all blocks, the first of which comes first.
   *
   * @param likely a time that few of the lowest bids exceed: the better it is guessed, the faster
   */
  SlotAuction(Bidders bidders, double likely) {
    this.bidders = bidders;
    this.likely = Bidder.leastBid(likely);
    this.likelyRanks = bidders.ranksUntil(likely);
    this.ranks = new int[bidders.size()];
    this.orders = bidders.orders(0);
  }

  /** Goes on to another block. */
  void enter(int block) {
    if (this.block != block) {
      this.block = block;
      this.orders = bidders.orders(block);
    }
  }

  /** The lowest bid for one slot of the block. */
  long lowest(int slot) {
    orders.rank(slot, ranks);
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < ranks.length; i++) {
      if (ranks[i] < likelyRanks[i]) {
        lowest = Math.min(lowest, bidders.bid(i, block << Bidder.BLOCK_BITS | slot));
      }
    }
    return lowest < likely ? lowest : lowestOfAll(slot);
  }

  private long lowestOfAll(int slot) {
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < bidders.size(); i++) {
      lowest = Math.min(lowest, bidders.bid(i, block << Bidder.BLOCK_BITS | slot));
    }
    return lowest;
  }

  /**
   * The lowest bids for all slots of the block.
   *
   * @param early a time by which about one slot for each bidder is left over
   * @param earlyRanks {@link Bidders#ranksUntil} of it
   * @param lowest is filled
   */
  void lowest(double early, int[] earlyRanks, long[] lowest) {
    Arrays.fill(lowest, Long.MAX_VALUE);
    for (int i = 0; i < bidders.size(); i++) {
      bidders.get(i).bidForFirst(earlyRanks[i], block, bidders.place(i), lowest);
    }
    long least = Bidder.leastBid(early); // of the bids that were not made
    for (int slot = 0; slot < lowest.length; slot++) {
      if (lowest[slot] >= least) {
        lowest[slot] = lowest(slot);
      }
    }
  }
}
