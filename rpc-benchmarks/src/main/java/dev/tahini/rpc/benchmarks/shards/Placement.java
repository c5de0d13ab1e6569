package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import java.util.List;
import java.util.Optional;

/** One contender with one fleet. Confined to one thread. */
interface Placement extends AutoCloseable {

  /** Makes ready to look up; where a contender owns connections, those are made as keys ask. */
  LookUps lookUps(ShardKeys keys);

  /** Another list of endpoints, by what the contender has for that; else it builds in full. */
  void change(List<Endpoint> endpoints);

  /** What its look-ups read, for the ruler; empty if it keeps nothing beside the list. */
  Optional<Object> table();

  @Override
  default void close() {}
}
