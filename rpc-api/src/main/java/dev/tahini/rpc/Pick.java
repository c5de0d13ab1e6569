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
   * instead.
   *
   * @param key what the calls that belong together have in common, such as a user's id; its UTF-8
   *     bytes are hashed
   * @return the pick
   */
  static Shard shard(String key) {
    return new Shard(key, false);
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

  /** {@link Pick#shard}. */
  final class Shard implements Pick {
    private final String key;
    private final byte[] keyBytes;
    private final boolean strict;

    private Shard(String key, boolean strict) {
      this.key = requireNonNull(key, "key");
      this.keyBytes = key.getBytes(UTF_8);
      this.strict = strict;
    }

    /**
     * The same key, for its owner only: if the owner is in {@code TRANSIENT_FAILURE} the call fails
     * with its last error, or waits for it under {@code waitForReady}.
     *
     * @return the stricter pick
     */
    public Shard strict() {
      return new Shard(key, true);
    }

    /**
     * Whether only the owner will do.
     *
     * @return true for {@link #strict()} ones
     */
    public boolean isStrict() {
      return strict;
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
      return other instanceof Shard that && that.key.equals(key) && that.strict == strict;
    }

    @Override
    public int hashCode() {
      return key.hashCode();
    }

    @Override
    public String toString() {
      return "shard(" + key + ")" + (strict ? ".strict()" : "");
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
