package dev.tahini.rpc.core.shard;

import dev.tahini.rpc.Endpoint;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a table out of the one of an earlier list: slots change hands only where somebody left,
 * came or changed its weight. The result is the table that would be built anew.
 */
final class SlotTransfer {
  private final SlotTable last;
  private final List<Endpoint> endpoints;
  private final int blocks;
  private final Bidder[] bidders;

  /** Of those of the last table: their new indices, if their slots stay theirs. */
  private final char[] heirs;

  /** Who gives slots up, by its index in the last table. */
  private final List<Integer> leavers = new ArrayList<>();

  /** Who may win slots of others, by its index in the new one. */
  private final List<Integer> claimants = new ArrayList<>();

  private final Bidders next;

  SlotTransfer(SlotTable last, List<Endpoint> endpoints, int blocks) {
    this.last = last;
    this.endpoints = endpoints;
    this.bidders = new Bidder[endpoints.size()];
    this.heirs = new char[last.endpoints().size()];
    this.blocks = blocks;
    match();
    this.next = new Bidders(endpoints, bidders);
  }

  /** Everybody, whether or not this is the faster way. */
  Bidders next() {
    return next;
  }

  /** Whether so little has changed that this is faster than to build the table anew. */
  boolean isSmall() {
    int changes = leavers.size() + claimants.size();
    double growth = (double) next.totalWeight() / last.weightWhenBuilt();
    return changes <= Math.max(2, bidders.length / 8) && growth > 0.5 && growth < 2;
  }

  /** A client keeps the endpoint that it has as long as another one is equal to it. */
  @SuppressWarnings("ReferenceEquality") // equal addresses may have texts that differ
  private void match() {
    List<Endpoint> before = last.endpoints();
    int shorter = Math.min(before.size(), endpoints.size());
    int prefix = 0;
    while (prefix < shorter && before.get(prefix) == endpoints.get(prefix)) {
      stay(prefix, prefix);
      prefix++;
    }
    int was = before.size();
    int is = endpoints.size();
    while (was > prefix && is > prefix && before.get(was - 1) == endpoints.get(is - 1)) {
      was--;
      is--;
      stay(was, is);
    }
    matchByAddress(prefix, was, is);
  }

  /** Those in the middle, where the lists differ. */
  private void matchByAddress(int from, int lastEnd, int end) {
    Map<SocketAddress, Integer> before = new LinkedHashMap<>();
    for (int i = from; i < lastEnd; i++) {
      before.put(last.endpoints().get(i).address(), i);
    }
    for (int i = from; i < end; i++) {
      Endpoint endpoint = endpoints.get(i);
      Integer was = before.remove(endpoint.address());
      if (was != null && hasText(endpoint, last.endpoints().get(was))) {
        stay(was, i);
        continue;
      }
      if (was != null) {
        leavers.add(was);
      }
      bidders[i] = Bidder.of(endpoint.addressText(), endpoint.weight(), blocks);
      claimants.add(i);
    }
    leavers.addAll(before.values());
  }

  /** Zones of link-local addresses and upper case make no difference to addresses. */
  private static boolean hasText(Endpoint endpoint, Endpoint before) {
    return endpoint.addressText().equals(before.addressText());
  }

  private void stay(int was, int is) {
    Bidder bidder = last.bidders().get(was);
    int weight = endpoints.get(is).weight();
    bidders[is] = bidder.withWeight(weight);
    heirs[was] = (char) is;
    if (weight < bidder.weight()) {
      leavers.add(was);
    }
    if (weight > bidder.weight()) {
      claimants.add(is);
    }
  }

  SlotTable table() {
    char[] owners = inherited();
    double latest = leavers.isEmpty() ? last.latest() : giveAway(owners);
    for (int claimant : claimants) {
      for (int block = 0; block < blocks; block++) {
        claim(claimant, block, latest, owners);
      }
    }
    return new SlotTable(endpoints, next, owners, latest, last.weightWhenBuilt());
  }

  private char[] inherited() {
    char[] before = last.owners();
    for (int i = 0; i < heirs.length; i++) {
      if (heirs[i] != i) {
        char[] owners = new char[before.length];
        for (int block = 0; block < blocks; block++) {
          inherit(before, heirs, owners, block << Bidder.BLOCK_BITS);
        }
        return owners;
      }
    }
    return before.clone();
  }

  private static void inherit(char[] before, char[] heirs, char[] owners, int from) {
    for (int i = 0; i < Bidder.BLOCK; i++) {
      owners[from + i] = heirs[before[from + i]];
    }
  }

  /** Decides anew who owns what leavers had. A time that no owner's bid exceeds. */
  private double giveAway(char[] owners) {
    SlotAuction auction = new SlotAuction(next, last.latest());
    long highest = 0;
    for (int block = 0; block < blocks; block++) {
      auction.enter(block);
      for (int leaver : leavers) {
        highest = Math.max(highest, giveAway(leaver, block, auction, owners));
      }
    }
    return Math.max(last.latest(), Bidder.time(highest));
  }

  /** The highest bid of the new owners. */
  private long giveAway(int leaver, int block, SlotAuction auction, char[] owners) {
    Bidder left = last.bidders().get(leaver);
    long highest = 0;
    for (int slot : left.firstSlots(left.ranksUntil(last.latest()), block)) {
      int at = block << Bidder.BLOCK_BITS | slot;
      if (last.owners()[at] == leaver) {
        long lowest = auction.lowest(slot);
        owners[at] = (char) next.bidder(lowest);
        highest = Math.max(highest, lowest);
      }
    }
    return highest;
  }

  private void claim(int claimant, int block, double latest, char[] owners) {
    Bidder bidder = next.get(claimant);
    for (int slot : bidder.firstSlots(bidder.ranksUntil(latest), block)) {
      int at = block << Bidder.BLOCK_BITS | slot;
      if (next.bid(claimant, at) < next.bid(owners[at], at)) {
        owners[at] = (char) claimant;
      }
    }
  }
}
