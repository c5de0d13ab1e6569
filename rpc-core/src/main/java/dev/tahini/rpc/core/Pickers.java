package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pickers of one list of backends: which of them serves a pick. Immutable. */
final class Pickers {
  private static final BackendPicker NO_BACKEND = (pick, attempts, method) -> null;

  static final Pickers NONE = new Pickers(NO_BACKEND, NO_BACKEND, Map.of());

  private static final Logger logger = LoggerFactory.getLogger(Pickers.class);

  private final BackendPicker leastLoaded;
  private final BackendPicker random;
  private final Map<String, BackendPicker> byName;

  private Pickers(
      BackendPicker leastLoaded, BackendPicker random, Map<String, BackendPicker> byName) {
    this.leastLoaded = leastLoaded;
    this.random = random;
    this.byName = byName;
  }

  /** The picker that serves a pick, or null if there is none of its name. */
  @Nullable BackendPicker of(Pick pick) {
    if (pick == Pick.LeastLoaded.INSTANCE) {
      return leastLoaded;
    }
    return pick instanceof Pick.Random ? random : byName.get(pick.picker());
  }

  /**
   * The user's factories by their names.
   *
   * @throws InvalidValueException if two have one name, or one has a name of the library's
   */
  static Map<String, Picker.Factory> byName(Iterable<Picker.Factory> userFactories) {
    Map<String, Picker.Factory> byName = new LinkedHashMap<>();
    for (Picker.Factory factory : userFactories) {
      String name = new Pick.Named(factory.name(), null).picker(); // which checks it
      if (byName.put(name, factory) != null) {
        throw new InvalidValueException("picker", name, "each name once");
      }
    }
    return byName;
  }

  /** Makes the pickers for each list: the library's own, and the user's. */
  static final class Maker {
    private final Supplier<? extends RandomGenerator> random;
    private final ShardTables shards;
    private final Map<String, Picker.Factory> factories;
    private final ThreadLocal<ReusablePickRequest> requests =
        ThreadLocal.withInitial(ReusablePickRequest::new);

    Maker(
        Supplier<? extends RandomGenerator> random,
        ShardTables shards,
        Iterable<Picker.Factory> userFactories) {
      this.random = random;
      this.shards = shards;
      this.factories = byName(userFactories);
    }

    /** The names of the user's. */
    List<String> names() {
      return List.copyOf(factories.keySet());
    }

    /** Whether a call may ask for a pick; what it should ask for is in the error. */
    void check(Pick pick) {
      if (pick instanceof Pick.Named named && !factories.containsKey(named.picker())) {
        throw new InvalidValueException(
            "picker",
            named.picker(),
            factories.isEmpty()
                ? "a Picker.Factory of that name given to the client, which has none"
                : "one of " + String.join(", ", factories.keySet()));
      }
    }

    /**
     * The pickers of a list.
     *
     * @param listed immutable
     * @param owner of the backends that are listed
     */
    Pickers make(List<LiveBackend> listed, Backends owner) {
      ReadyBackends ready = owner.ready();
      Picker.Backends backends = new ListedBackends(List.copyOf(listed), ready);
      // Not Map.copyOf, whose look-ups divide: that is a third of a pick's time.
      Map<String, BackendPicker> byName = new HashMap<>();
      byName.put("address", new AddressPicker(listed));
      byName.put("shard", shards.picker(listed, ready::anyUsable));
      factories.forEach(
          (name, factory) ->
              byName.put(name, new UserPicker(make(factory, backends), owner, requests)));
      return new Pickers(
          new LeastLoadedPicker(ready, random), new RandomPicker(listed, ready, random), byName);
    }

    private static Picker make(Picker.Factory factory, Picker.Backends backends) {
      if (backends.all().isEmpty()) {
        return request -> null;
      }
      try {
        return requireNonNull(factory.create(backends), "create returned null");
      } catch (RuntimeException | Error e) {
        logger.error("Picker.Factory {} failed; its calls will fail", factory.name(), e);
        return new BrokenPicker(e);
      }
    }
  }

  private record ListedBackends(List<Backend> all, ReadyBackends readyBackends)
      implements Picker.Backends {
    @Override
    public Picker.ReadySet ready() {
      return readyBackends.current();
    }
  }

  /** Stands for a user's picker that could not be made. */
  private record BrokenPicker(Throwable cause) implements Picker {
    @Override
    public @Nullable Backend pick(PickRequest request) {
      throw new IllegalStateException("its factory failed: " + cause, cause);
    }
  }
}
