package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.Pick;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A way to pick that takes part in a scenario. Immutable. */
record Contender(String name, UnaryOperator<ClusterBuilder> picking) {
  private static final int KEYS = 1_000;

  /** Today's picks, and the two for comparison. */
  static final List<Contender> ALL =
      List.of(
          new Contender("least loaded", experiment -> experiment.pick(Pick.leastLoaded())),
          new Contender("random", experiment -> experiment.pick(Pick.random())),
          new Contender("round robin", experiment -> experiment.pick(SimulatedCluster.ROUND_ROBIN)),
          new Contender("oracle", experiment -> experiment.pick(SimulatedCluster.ORACLE)));

  static final List<Contender> WITH_SHARDS =
      Stream.concat(
              ALL.stream(),
              Stream.of(
                  new Contender(
                      "shard, even keys",
                      experiment -> experiment.pick(Keys.uniform(KEYS), Pick::shard)),
                  new Contender(
                      "shard, Zipf keys",
                      experiment -> experiment.pick(Keys.zipf(KEYS, 1), Pick::shard)),
                  new Contender(
                      "of 3 replicas",
                      experiment ->
                          experiment.pick(Keys.zipf(KEYS, 1), key -> Pick.shard(key).replicas(3))),
                  new Contender(
                      "bounded by 1.25",
                      experiment ->
                          experiment.pick(
                              Keys.zipf(KEYS, 1), key -> Pick.shard(key).bounded(1.25)))))
          .toList();

  ClusterBuilder in(ClusterBuilder experiment) {
    return picking.apply(experiment);
  }
}
