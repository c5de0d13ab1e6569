package dev.tahini.rpc.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The bidders of a list of endpoints, at the endpoints' indices, each with its place: the order of
 * identities' hashes, unsigned, which decides between equal bids. Immutable.
 */
final class Bidders {
  private final Bidder[] bidders;
  private final char[] places;
  private final char[] atPlaces;

  Bidders(List<Endpoint> endpoints, Bidder[] bidders) {
    this.bidders = bidders;
    this.places = new char[bidders.length];
    this.atPlaces = new char[bidders.length];
    long[] hashes = new long[bidders.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = bidders[i].hash();
    }
    int[] order = inOrder(hashes, i -> endpoints.get(i).addressText());
    for (int place = 0; place < order.length; place++) {
      atPlaces[place] = (char) order[place];
      places[order[place]] = (char) place;
    }
  }

  /** The indices of identities by their hashes, then by their text in UTF-8, both unsigned. */
  static int[] inOrder(long[] hashes, IntFunction<String> identities) {
    // An index in place of a hash's last bits: they hardly ever decide.
    long[] order = new long[hashes.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = ((hashes[i] ^ Long.MIN_VALUE) & (-1L << Bidder.PLACE_BITS)) | i;
    }
    Arrays.sort(order);
    int[] indices = new int[order.length];
    for (int place = 0; place < order.length; place++) {
      indices[place] = Bidder.place(order[place]);
      if (place > 0 && order[place] >> Bidder.PLACE_BITS == order[place - 1] >> Bidder.PLACE_BITS) {
        return inExactOrder(hashes, identities);
      }
    }
    return indices;
  }

  private static int[] inExactOrder(long[] hashes, IntFunction<String> identities) {
    Comparator<Integer> byHash = (a, b) -> Long.compareUnsigned(hashes[a], hashes[b]);
    Comparator<Integer> byText =
        (a, b) ->
            Arrays.compareUnsigned(
                identities.apply(a).getBytes(UTF_8), identities.apply(b).getBytes(UTF_8));
    return IntStream.range(0, hashes.length)
        .boxed()
        .sorted(byHash.thenComparing(byText))
        .mapToInt(i -> i)
        .toArray();
  }

  int size() {
    return bidders.length;
  }

  Bidder get(int index) {
    return bidders[index];
  }

  /** Who bids. */
  int bidder(long bid) {
    return atPlaces[Bidder.place(bid)];
  }

  int place(int index) {
    return places[index];
  }

  /** A bid for a slot of a table. */
  long bid(int index, int slot) {
    return bidders[index].bid(slot >>> Bidder.BLOCK_BITS, slot & (Bidder.BLOCK - 1), places[index]);
  }

  /** {@link Bidder#ranksUntil} of each. */
  int[] ranksUntil(double time) {
    int[] ranks = new int[bidders.length];
    for (int i = 0; i < ranks.length; i++) {
      boolean same = i > 0 && bidders[i].weight() == bidders[i - 1].weight();
      ranks[i] = same ? ranks[i - 1] : bidders[i].ranksUntil(time);
    }
    return ranks;
  }

  long totalWeight() {
    long total = 0;
    for (Bidder bidder : bidders) {
      total += bidder.weight();
    }
    return total;
  }

  Bidder.Orders orders(int block) {
    return new Bidder.Orders(bidders, block);
  }
}
