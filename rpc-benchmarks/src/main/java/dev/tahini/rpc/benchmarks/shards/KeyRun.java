package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.util.List;

/**
 * Who owns the keys: how evenly, by which weights, and what moves when a list changes. Nothing here
 * depends on the machine. Each sample is of one fleet.
 */
final class KeyRun {
  private static final double PERCENT = 100;

  private final Samples samples;
  private final ShardKeys keys;
  private final int leavers;

  /**
   * A run.
   *
   * @param samples what it adds to
   * @param leavers how many of each fleet leave, one at a time
   */
  KeyRun(Samples samples, ShardKeys keys, int leavers) {
    this.samples = samples;
    this.keys = keys;
    this.leavers = leavers;
  }

  void measure(ShardContender contender, int fleet) {
    moves(contender, Fleet.of(fleet, 10));
    moves(contender, Fleet.of(fleet, 100));
    if (contender.knowsWeights()) {
      weights(contender, Fleet.of(fleet, 10));
    }
    for (int backends : List.of(10, 100, 500)) {
      List<Endpoint> endpoints = Fleet.of(fleet, backends).endpoints();
      add(
          Scenarios.spread(backends),
          contender,
          Scenarios.MOST,
          spread(contender, endpoints).mostToAverage());
    }
  }

  private void moves(ShardContender contender, Fleet fleet) {
    List<Endpoint> endpoints = fleet.endpoints();
    int size = endpoints.size();
    int[] owners = owners(contender, endpoints);
    double left =
        fleet.some(leavers).stream()
            .mapToDouble(index -> needless(contender, owners, endpoints, fleet.without(index)))
            .average()
            .orElseThrow();
    add(Scenarios.leaves(size), contender, Scenarios.NEEDLESS, PERCENT * left);
    double joined = needless(contender, owners, endpoints, fleet.withSpare());
    add(Scenarios.joins(size), contender, Scenarios.NEEDLESS, PERCENT * joined);
  }

  private void weights(ShardContender contender, Fleet fleet) {
    List<Endpoint> endpoints = fleet.endpoints();
    int size = endpoints.size();
    int[] owners = owners(contender, endpoints);
    double moved =
        fleet.some(leavers).stream()
            .mapToDouble(
                index -> needless(contender, owners, endpoints, fleet.reweighted(index, 2)))
            .average()
            .orElseThrow();
    add(Scenarios.reweighted(size), contender, Scenarios.NEEDLESS, PERCENT * moved);
    List<Endpoint> weighted = fleet.ofEveryWeight();
    double off = spread(contender, weighted).farthestFromWeights(weighted);
    add(Scenarios.weights(size), contender, Scenarios.OFF, PERCENT * off);
  }

  /** How many of a large fleet get any keys. */
  void measureReach(ShardContender contender, int backends) {
    if (contender.canServe(backends)) {
      long reached = spread(contender, Fleet.of(0, backends).endpoints()).reached();
      add(Scenarios.reach(backends), contender, Scenarios.REACHED, (double) reached);
    }
  }

  /** The list changes as it does for a client that has the former. */
  private double needless(
      ShardContender contender, int[] owners, List<Endpoint> before, List<Endpoint> after) {
    try (Placement placement = contender.open(before)) {
      placement.change(after);
      int[] next = LookUps.owners(placement.lookUps(keys), keys.count());
      return new Moves(before, after).needless(owners, next);
    }
  }

  private Spread spread(ShardContender contender, List<Endpoint> endpoints) {
    return Spread.of(owners(contender, endpoints), endpoints.size());
  }

  private int[] owners(ShardContender contender, List<Endpoint> endpoints) {
    try (Placement placement = contender.open(endpoints)) {
      return LookUps.owners(placement.lookUps(keys), keys.count());
    }
  }

  private void add(String scenario, ShardContender contender, String metric, double value) {
    samples.add(scenario, contender.label(), metric, value);
  }
}
