package dev.tahini.rpc.core;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.core.shard.ShardMaps;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The shard map that a service config asks for: a name such as {@code "maglev"}, or an object of
 * one entry, the name with options: {@code {"ring_hash": {"minRingSize": 1024, "maxRingSize":
 * 4096}}}, {@code {"maglev": {"tableSize": 65537}}}. An option that is left out has its default;
 * one that is not known is refused, for all who share a list must agree on its owners.
 */
final class ShardMapConfig {
  private static final String NAMES = "standard, ring_hash, maglev or goma";

  private final String name;
  private final Map<?, ?> options;

  private ShardMapConfig(String name, Map<?, ?> options) {
    this.name = name;
    this.options = options;
  }

  /**
   * Reads a value of JSON.
   *
   * @param json null for the standard map
   * @throws InvalidValueException if it asks for no map
   */
  static ShardMap parse(@Nullable Object json) {
    if (json == null) {
      return ShardMaps.standard();
    }
    if (json instanceof String name) {
      return new ShardMapConfig(name, Map.of()).shardMap(json);
    }
    if (json instanceof Map<?, ?> named && named.size() == 1) {
      Map.Entry<?, ?> only = named.entrySet().iterator().next();
      if (only.getKey() instanceof String name && only.getValue() instanceof Map<?, ?> options) {
        return new ShardMapConfig(name, options).shardMap(json);
      }
    }
    throw unknown(json);
  }

  private static InvalidValueException unknown(Object json) {
    return new InvalidValueException(
        "shardMap", json, NAMES + "; or an object with one of them and its options");
  }

  private ShardMap shardMap(Object json) {
    return switch (name) {
      case "standard" -> {
        allow(Set.of(), "none");
        yield ShardMaps.standard();
      }
      case "ring_hash" -> {
        allow(Set.of("minRingSize", "maxRingSize"), "minRingSize or maxRingSize");
        yield ShardMaps.ringHash(number("minRingSize", 1024), number("maxRingSize", 4096));
      }
      case "maglev" -> {
        allow(Set.of("tableSize"), "tableSize");
        yield ShardMaps.maglev(number("tableSize", 65_537));
      }
      case "goma" -> {
        allow(Set.of(), "none");
        yield ShardMaps.goma();
      }
      default -> throw unknown(json);
    };
  }

  private void allow(Set<String> known, String expected) {
    for (Object option : options.keySet()) {
      if (!known.contains(option)) {
        throw new InvalidValueException("option of shardMap " + name, option, expected);
      }
    }
  }

  /** Numbers of JSON come as doubles. */
  private int number(String option, int byDefault) {
    Object value = options.get(option);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw new InvalidValueException(option, value, "a whole number below 2^31");
  }
}
