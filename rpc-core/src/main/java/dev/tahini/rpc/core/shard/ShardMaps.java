package dev.tahini.rpc.core.shard;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;

/**
 * The shard maps that come with the library. Those of one kind and equal options are equal, and
 * safe for any thread.
 */
public final class ShardMaps {
  private static final int STANDARD_SLOTS = 1 << 18;
  private static final int MOST_SLOTS = 1 << 23;
  private static final ShardMap STANDARD = standard(STANDARD_SLOTS);

  private ShardMaps() {}

  /**
   * The default: {@value #STANDARD_SLOTS} slots, each owned by the endpoint that bids lowest for
   * it. An endpoint that comes, goes or changes its weight moves no key between others, and shares
   * are even: at 500 endpoints they vary by 3 %. Endpoints are known by their addresses; {@link
   * #byName} knows them by their names. {@code docs/shard-map.md} specifies it, for other
   * languages.
   *
   * @return the map; always the same
   */
  public static ShardMap standard() {
    return STANDARD;
  }

  /**
   * The default with more or fewer slots, for fleets in which 260 for each endpoint would be too
   * few or too many. Clients that are to agree need the same number: with another most keys have
   * other owners.
   *
   * @param slots a multiple of 32,768 up to 8,388,608; shares vary by the square root of half the
   *     endpoints over the slots
   * @return the map
   * @throws InvalidValueException if it is no such number
   */
  public static ShardMap standard(int slots) {
    if (slots < Bidder.BLOCK || slots > MOST_SLOTS || slots % Bidder.BLOCK != 0) {
      throw new InvalidValueException(
          "slots", slots, "a multiple of " + Bidder.BLOCK + " up to " + MOST_SLOTS);
    }
    return new StandardShardMap(slots / Bidder.BLOCK);
  }

  /**
   * The ring of gRPC's load-balancing policy {@code ring_hash_experimental}, with gRPC's default
   * sizes: {@link #ringHash(int, int)} of 1,024 and 4,096.
   *
   * @return the map
   */
  public static ShardMap ringHash() {
    return new RingHash(1024, 4096);
  }

  /**
   * The ring of gRPC's load-balancing policy {@code ring_hash_experimental} (gRFC A42), point by
   * point as grpc-go builds it from the same addresses and weights. It is that of Envoy's {@code
   * RING_HASH} with {@code XX_HASH} too, where Envoy's hosts are listed in ascending order of their
   * addresses' texts; in another order a host may have a point more or less there.
   *
   * <p>{@code Pick.shard(value)} has the request hash of gRFC A76 for a header with that value; the
   * values of a header that has several are joined with {@code ","} by the caller. While an owner
   * is away its keys go to the hosts of the points that follow, as in gRFC A42 and with Envoy's
   * retries. An endpoint that the sizes leave without a point is among the last in every key's
   * order.
   *
   * <p>gRPC cuts both sizes at a cap, which is 4,096 unless {@code GRPC_RING_HASH_CAP} says more;
   * here they are taken as they are. Envoy's defaults are 1,024 and 8,388,608.
   *
   * @param minRingSize how many points the ring has at least, 1 to {@code maxRingSize}
   * @param maxRingSize how many points the ring has at most, 1 to 8,388,608; wins where the weights
   *     ask for more
   * @return the map
   * @throws dev.tahini.rpc.InvalidValueException if a size is out of its range
   */
  public static ShardMap ringHash(int minRingSize, int maxRingSize) {
    return new RingHash(minRingSize, maxRingSize);
  }

  /**
   * The table of Envoy's policy {@code MAGLEV} with Envoy's default size: {@link #maglev(int)} of
   * 65,537.
   *
   * @return the map
   */
  public static ShardMap maglev() {
    return new Maglev(65_537);
  }

  /**
   * The table of Envoy's policy {@code MAGLEV}, slot by slot as Envoy fills it from the same
   * addresses and weights.
   *
   * <p>{@code Pick.shard(value)} has the hash that Envoy, and gRFC A76, give a request with that
   * one value in the header. While an owner is away its keys go where Envoy's attempts 1, 2 and so
   * on would take them. An endpoint that found no free slot is among the last in every key's order.
   *
   * @param tableSize how many slots there are: a prime from 2 to 5,000,011; many times the number
   *     of endpoints
   * @return the map
   * @throws dev.tahini.rpc.InvalidValueException if the size is not such a prime
   */
  public static ShardMap maglev(int tableSize) {
    return new Maglev(tableSize);
  }

  /**
   * The ring of the Go package {@code go.chromium.org/goma/server/rpc}, which is groupcache's
   * consistent hash: for fleets that still have such clients. Each IP address has as many points as
   * there are IP addresses, so one that comes or goes moves keys between the others, too. It knows
   * neither ports nor weights.
   *
   * <p>Two addresses with a point in common: the greater of them, byte by byte, owns it; with the
   * Go package that is whichever DNS listed last. Of endpoints with one IP address the one with the
   * lesser address text owns all of its keys; the others own none, and are the last in every key's
   * order. The map takes 46,340 IP addresses at most.
   *
   * @return the map
   */
  public static ShardMap goma() {
    return new Goma();
  }

  /**
   * Another map in which endpoints are known by their names, such as a StatefulSet's pods: one that
   * is back under a new address has the keys that it had. Endpoints without a name are known by
   * their addresses. Of several with one name one has its keys: a serving one before those that
   * drain, then the one with the lesser address.
   *
   * @param map by address
   * @return the same by name
   */
  public static ShardMap byName(ShardMap map) {
    return new NamedShardMap(requireNonNull(map, "map"));
  }
}
