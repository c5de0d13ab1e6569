package dev.tahini.rpc.core;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.Status;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policy's configuration as a service config gives it: {@code {"tahini": {"pick": "random",
 * "shardMap": "standard"}}}.
 *
 * @param pick what a call gets that asks for none: {@code "least_loaded"} (default) or {@code
 *     "random"}
 * @param shardMap for calls by key, as {@link ShardMapConfig} reads it
 */
record TahiniConfig(Pick pick, ShardMap shardMap) {
  static final TahiniConfig DEFAULT = new TahiniConfig(Pick.leastLoaded(), ShardMaps.standard());

  /** Reads the JSON object; fields that it does not know are left to newer versions. */
  static ConfigOrError parse(Map<String, ?> json) {
    try {
      return ConfigOrError.fromConfig(
          new TahiniConfig(pick(json.get("pick")), ShardMapConfig.parse(json.get("shardMap"))));
    } catch (InvalidValueException e) {
      return ConfigOrError.fromError(
          Status.INVALID_ARGUMENT.withDescription("tahini: " + e.getMessage()).withCause(e));
    }
  }

  private static Pick pick(@Nullable Object value) {
    if (value == null || value.equals("least_loaded")) {
      return Pick.leastLoaded();
    }
    if (value.equals("random")) {
      return Pick.random();
    }
    throw new InvalidValueException("pick", value, "least_loaded or random");
  }
}
