package dev.tahini.rpc.tests;

import dev.tahini.rpc.Pick;
import java.util.function.IntFunction;

/** The picks of calls under load, by the call's number. */
public enum LoadPicks implements IntFunction<Pick> {
  LEAST_LOADED,
  SHARD,
  RANDOM;

  private static final int KEYS = 1_000;

  @Override
  public Pick apply(int number) {
    return switch (this) {
      case LEAST_LOADED -> Pick.leastLoaded();
      case SHARD -> Pick.shard("key-" + number % KEYS);
      case RANDOM -> Pick.random();
    };
  }
}
