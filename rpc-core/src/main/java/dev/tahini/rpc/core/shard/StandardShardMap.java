package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import java.util.List;

/**
 * Makes {@link SlotTable}s.
 *
 * @param blocks of slots
 */
record StandardShardMap(int blocks) implements ShardMap {
  private static final int MOST_ENDPOINTS = (1 << Bidder.PLACE_BITS) - 1;

  @Override
  public String name() {
    return "standard";
  }

  @Override
  public Table build(List<Endpoint> endpoints) {
    check(endpoints);
    Bidder[] bidders = new Bidder[endpoints.size()];
    for (int i = 0; i < bidders.length; i++) {
      Endpoint endpoint = endpoints.get(i);
      bidders[i] = Bidder.of(endpoint.addressText(), endpoint.weight(), blocks);
    }
    return build(endpoints, new Bidders(endpoints, bidders));
  }

  @Override
  public Table rebuild(Table last, List<Endpoint> endpoints) {
    check(endpoints);
    SlotTransfer transfer = new SlotTransfer((SlotTable) last, endpoints, blocks);
    return transfer.isSmall() ? transfer.table() : build(endpoints, transfer.next());
  }

  private SlotTable build(List<Endpoint> endpoints, Bidders bidders) {
    char[] owners = new char[blocks << Bidder.BLOCK_BITS];
    double meanTime = Bidder.MEAN_TIME / bidders.totalWeight();
    double early = meanTime * (Math.log(bidders.size()) + 0.5);
    int[] earlyRanks = bidders.ranksUntil(early);
    SlotAuction auction = new SlotAuction(bidders, meanTime * (Math.log(owners.length) + 2));
    long[] lowest = new long[Bidder.BLOCK];
    long highest = 0;
    for (int block = 0; block < blocks; block++) {
      auction.enter(block);
      auction.lowest(early, earlyRanks, lowest);
      for (int slot = 0; slot < lowest.length; slot++) {
        owners[block << Bidder.BLOCK_BITS | slot] = (char) bidders.bidder(lowest[slot]);
        highest = Math.max(highest, lowest[slot]);
      }
    }
    double latest = Bidder.time(highest);
    return new SlotTable(endpoints, bidders, owners, latest, bidders.totalWeight());
  }

  private static void check(List<Endpoint> endpoints) {
    if (endpoints.isEmpty() || endpoints.size() > MOST_ENDPOINTS) {
      throw new InvalidValueException(
          "endpoints", endpoints.size() + " of them", "1 to " + MOST_ENDPOINTS);
    }
  }
}
