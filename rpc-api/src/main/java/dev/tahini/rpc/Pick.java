package dev.tahini.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.grpc.CallOptions;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks for: how its backend is to be picked. Put it on a stub or a call under {@link
 * #OPTION}:
 *
 * <pre>{@code stub.withOption(Pick.OPTION, Pick.shard(userId)).sayHello(request)}</pre>
 *
 * <p>Kinds may be added: a {@code switch} over them needs a default.
 *
 * <p>Immutable, except for the generator of {@link #random(RandomGenerator)}, which its caller
 * confines to one thread at a time.
 */
public sealed interface Pick {

  /** Where a call carries its pick; {@link #leastLoaded()} if it carries none. */
  CallOptions.Key<Pick> OPTION =
      CallOptions.Key.createWithDefault("dev.tahini.rpc.Pick", LeastLoaded.INSTANCE);

  /**
   * The name of the {@link Picker.Factory} that serves this pick.
   *
   * @return {@code "least_loaded"}, {@code "shard"}, {@code "random"}, {@code "address"}, or the
   *     name given to {@link #with}
   */
  String picker();

  /**
   * What the picker picks by, if it needs a key.
   *
   * @return the shard's key, the address, the user's key, or null
   */
  // No default: with one, to initialise a pick's class would initialise Pick, and deadlock on
  // OPTION.
  @Nullable String key();

  /**
   * The backend expected to answer soonest, by what this client has in flight on each. The default.
   *
   * @return the pick
   */
  static Pick leastLoaded() {
    return LeastLoaded.INSTANCE;
  }

  /**
   * The backend that owns a key: the same one in every process that sees the same endpoints. If it
   * is in {@code TRANSIENT_FAILURE} the key's next owner serves; {@link Shard#strict()} fails
   * instead. {@link Shard#replicas} and {@link Shard#bounded} are for keys that are too hot for one
   * backend.
   *
   * @param key what the calls that belong together have in common, such as a user's id, of any
   *     length; its UTF-8 bytes are hashed
   * @return the pick
   * @throws InvalidValueException if it has no UTF-8 form because of half a surrogate pair
   */
  static Shard shard(String key) {
    return Shard.of(key);
  }

  /**
   * Any ready backend, each as likely as the others.
   *
   * @return the pick
   */
  static Pick random() {
    return Random.ANY;
  }

  /**
   * Any ready backend, drawn from a generator: a seeded one makes the order of backends repeatable
   * as long as the same ones are ready. One number is drawn per attempt, on the calling thread.
   *
   * @param generator confined by the caller to one thread at a time
   * @return the pick
   */
  static Pick random(RandomGenerator generator) {
    return new Random(requireNonNull(generator, "generator"));
  }

  /**
   * One backend, by its address. Calls fail with {@code UNAVAILABLE} naming the address if it is
   * not among the target's backends.
   *
   * @param address as {@link Endpoint#addressText()} writes it, such as {@code "10.0.0.7:8080"}
   * @return the pick
   */
  static Pick address(String address) {
    return new Address(address);
  }

  /**
   * A user's own picker.
   *
   * @param picker the name of a {@link Picker.Factory} that the client was given
   * @param key what it picks by, or null if it needs none
   * @return the pick
   */
  static Pick with(String picker, @Nullable String key) {
    return new Named(picker, key);
  }

  /** {@link Pick#leastLoaded()}. */
  enum LeastLoaded implements Pick {
    /** The only one. */
    INSTANCE;

    @Override
    public String picker() {
      return "least_loaded";
    }

    @Override
    public String toString() {
      return "leastLoaded()";
    }

    @Override
    public @Nullable String key() {
      return null;
    }
  }

  /**
   * {@link Pick#shard}: the owner of a key, or how its calls spread over some of its owners. The
   * methods give changed copies:
   *
   * <pre>{@code Pick.shard(userId).replicas(3).bounded(1.25)}</pre>
   */
  final class Shard implements Pick {
    private static final int LONGEST_QUOTE = 200;

    private final String key;
    private final byte[] keyBytes;
    private final boolean strict;
    private final int replicas;
    private final double bound;

    private Shard(String key, byte[] keyBytes, boolean strict, int replicas, double bound) {
      this.key = key;
      this.keyBytes = keyBytes;
      this.strict = strict;
      this.replicas = replicas;
      this.bound = bound;
      if (strict && isBounded()) {
        throw new InvalidValueException(
            "bounded", bound, "no strict(): a strict key does not overflow");
      }
    }

    private static Shard of(String key) {
      Utf8.require("key", requireNonNull(key, "key"));
      return new Shard(key, key.getBytes(UTF_8), false, 1, Double.POSITIVE_INFINITY);
    }

    /**
     * The same key, for its owner only: if the owner is in {@code TRANSIENT_FAILURE} the call fails
     * with its last error, or waits for it under {@code waitForReady}. With {@link #replicas} the
     * same holds of the first owners.
     *
     * @return the stricter pick
     * @throws InvalidValueException if the pick is {@link #bounded}
     */
    public Shard strict() {
      return new Shard(key, keyBytes, true, replicas, bound);
    }

    /**
     * The same key, spread over the first of its owners, for a key that is too hot for one: each
     * call goes to the one of them with the least in flight for its weight, this call among them;
     * of equals to the earlier. Owners that cannot be connected are passed over, unless the pick is
     * strict. More than four are found by asking all backends, at each call.
     *
     * @param replicas how many owners, at least 1; all of them if there are fewer
     * @return the pick of many owners
     * @throws InvalidValueException if it is below 1
     */
    public Shard replicas(int replicas) {
      if (replicas < 1) {
        throw new InvalidValueException("replicas", replicas, "1 or more");
      }
      return new Shard(key, keyBytes, strict, replicas, bound);
    }

    /**
     * The same key, but away from an owner that has too much to do: no backend gets a call that
     * would bring it above the bound times the average in flight, by weight, of the backends that
     * are ready. What does not fit goes to the next in the key's own order, always the same.
     *
     * <p>To be precise: a backend takes a call while it has fewer in flight than {@code ceil(bound
     * * (in flight on all + 1) * its weight / the weights of all)}, as this client sees it. Reads
     * the counts of all backends where the owner has any call in flight.
     *
     * <p>Source: V. Mirrokni, M. Thorup and M. Zadimoghaddam, Consistent Hashing with Bounded
     * Loads, SODA 2018.
     *
     * @param bound 1 or more; 1.25 is usual: nearer to 1 more calls leave their owners
     * @return the bounded pick
     * @throws InvalidValueException if it is below 1 or no number, or the pick is {@link #strict}
     */
    public Shard bounded(double bound) {
      if (!(bound >= 1 && bound < Double.POSITIVE_INFINITY)) {
        throw new InvalidValueException("bounded", bound, "a number from 1 on, such as 1.25");
      }
      return new Shard(key, keyBytes, strict, replicas, bound);
    }

    /**
     * Whether only the owner will do.
     *
     * @return true for {@link #strict()} ones
     */
    public boolean isStrict() {
      return strict;
    }

    /**
     * Over how many of the key's owners its calls are spread.
     *
     * @return 1 or more; 1 unless {@link #replicas(int)} said otherwise
     */
    public int replicas() {
      return replicas;
    }

    /**
     * Whether {@link #bounded} was said.
     *
     * @return whether {@link #bound()} is a bound
     */
    public boolean isBounded() {
      return bound < Double.POSITIVE_INFINITY;
    }

    /**
     * The most that a backend may have in flight, over the average.
     *
     * @return 1 or more; infinite if the pick is not {@link #bounded}
     */
    public double bound() {
      return bound;
    }

    @Override
    public String picker() {
      return "shard";
    }

    @Override
    public String key() {
      return key;
    }

    /**
     * Where the key comes in a shard map's order.
     *
     * @param table the map's table
     * @return {@link ShardMap.Table#hash} of the key's UTF-8 bytes
     */
    public long hash(ShardMap.Table table) {
      return table.hash(keyBytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Shard that
          && that.key.equals(key)
          && that.strict == strict
          && that.replicas == replicas
          && that.bound == bound;
    }

    @Override
    public int hashCode() {
      return key.hashCode();
    }

    /** As it would be written; a long key is shortened. */
    @Override
    public String toString() {
      return "shard("
          + (key.length() <= LONGEST_QUOTE ? key : key.substring(0, LONGEST_QUOTE) + "...")
          + ")"
          + (replicas == 1 ? "" : ".replicas(" + replicas + ")")
          + (isBounded() ? ".bounded(" + bound + ")" : "")
          + (strict ? ".strict()" : "");
    }
  }

  /**
   * {@link Pick#random()}.
   *
   * @param generator what to draw from, or null for the client's own
   */
  record Random(@Nullable RandomGenerator generator) implements Pick {
    private static final Random ANY = new Random(null);

    @Override
    public String picker() {
      return "random";
    }

    @Override
    public String toString() {
      return generator == null ? "random()" : "random(" + generator + ")";
    }

    @Override
    public @Nullable String key() {
      return null;
    }
  }

  /**
   * {@link Pick#address}.
   *
   * @param address in the form of {@link Endpoint#addressText()}
   */
  record Address(String address) implements Pick {

    /** Writes an IPv6 address as RFC 5952 has it. */
    public Address {
      address = AddressText.canonical(requireNonNull(address, "address"));
    }

    @Override
    public String picker() {
      return "address";
    }

    @Override
    public String toString() {
      return "address(" + address + ")";
    }

    @Override
    public String key() {
      return address;
    }
  }

  /**
   * {@link Pick#with}.
   *
   * @param picker the name of the picker's factory
   * @param key what it picks by, or null
   */
  record Named(String picker, @Nullable String key) implements Pick {

    /**
     * Checks the name.
     *
     * @throws InvalidValueException if it is empty or one of the library's own
     */
    public Named {
      if (requireNonNull(picker, "picker").isEmpty() || OWN.contains(picker)) {
        throw new InvalidValueException(
            "picker", picker, "the name of a user's Picker.Factory; Pick has methods for its own");
      }
    }

    private static final Set<String> OWN = Set.of("least_loaded", "shard", "random", "address");
  }
}
