package dev.tahini.rpc.testing.lab;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a scenario is made of. Immutable.
 *
 * @param label what the watched backends are called in the table; empty if there are none
 * @param watched whether a backend is one of those that the table has a column for
 * @param contenders the ways to pick
 * @param experiment by the length of its measuring
 */
record ScenarioSetup(
    String label,
    Predicate<String> watched,
    List<Contender> contenders,
    Function<Duration, ClusterBuilder> experiment) {
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final Duration COLD = Duration.ofSeconds(10);
  private static final double USUAL_LOAD = 0.6;
  private static final List<String> HALF_OF_ZONE_B = List.of("b15", "b16", "b17", "b18", "b19");

  static ScenarioSetup of(Scenario scenario) {
    return switch (scenario) {
      case EVEN_FLEET ->
          new ScenarioSetup("", name -> false, Contender.WITH_SHARDS, length -> tenBackends());
      case ONE_SLOW -> watching("b00", length -> oneSlow());
      case BLACK_HOLE ->
          watching("b00", length -> tenBackends().at(Duration.ZERO, c -> c.fail("b00")));
      case COLD_START -> watching("b09", ScenarioSetup::coldStart);
      case CRASH_AND_RETURN -> watching("b00", ScenarioSetup::crashAndReturn);
      case MANY_CLIENTS ->
          new ScenarioSetup("", name -> false, Contender.ALL, length -> manyClients());
      case ZONE_HALVED ->
          new ScenarioSetup(
              "zone b",
              name -> name.compareTo("b10") >= 0,
              Contender.ALL,
              ScenarioSetup::zoneHalved);
    };
  }

  private static ScenarioSetup watching(
      String backend, Function<Duration, ClusterBuilder> experiment) {
    return new ScenarioSetup(backend, backend::equals, Contender.ALL, experiment);
  }

  private static ServerSpec ofFourSlots(ServerSpec spec) {
    return spec.withConcurrency(4);
  }

  private static ClusterBuilder tenBackends() {
    return tenBackends(each -> each);
  }

  private static ClusterBuilder tenBackends(UnaryOperator<ServerSpec> change) {
    return SimulatedCluster.builder()
        .backends(10, each -> change.apply(ofFourSlots(each)))
        .clients(5)
        .load(Arrivals.utilization(USUAL_LOAD));
  }

  private static ClusterBuilder oneSlow() {
    return tenBackends(each -> each.name().equals("b00") ? each.withSlowdown(25) : each);
  }

  /** The load is that of ten, while nine are there. */
  private static ClusterBuilder coldStart(Duration length) {
    ServerSpec newcomer = ofFourSlots(ServerSpec.of("b09")).withColdStart(10, COLD);
    ClusterBuilder experiment =
        SimulatedCluster.builder()
            .backends(9, ScenarioSetup::ofFourSlots)
            .clients(5)
            .load(Arrivals.poisson(USUAL_LOAD * 10 * newcomer.capacityPerSecond()))
            .phase(Duration.ZERO, "cold")
            .at(Duration.ZERO, cluster -> cluster.list(newcomer));
    return COLD.compareTo(length) < 0 ? experiment.phase(COLD, "warm") : experiment;
  }

  private static ClusterBuilder crashAndReturn(Duration length) {
    Duration crash = length.dividedBy(5);
    Duration back = length.dividedBy(2);
    return tenBackends()
        .phase(Duration.ZERO, "before")
        .phase(crash, "down")
        .phase(back, "back")
        .at(crash, cluster -> cluster.crash("b00"))
        .at(back, cluster -> cluster.restore("b00"));
  }

  private static ClusterBuilder manyClients() {
    return SimulatedCluster.builder()
        .backends(50, ScenarioSetup::ofFourSlots)
        .clients(200)
        .load(Arrivals.utilization(0.85));
  }

  private static ClusterBuilder zoneHalved(Duration length) {
    Duration half = length.dividedBy(2);
    return SimulatedCluster.builder()
        .backends(10, each -> ofFourSlots(each).withZone("a"))
        .backends(10, each -> ofFourSlots(each).withZone("b"))
        .clients(5, "a")
        .clients(5, "b")
        .load(Arrivals.utilization(USUAL_LOAD))
        .phase(Duration.ZERO, "whole")
        .phase(half, "halved")
        .at(half, cluster -> HALF_OF_ZONE_B.forEach(cluster::crash));
  }

  /**
   * Runs it for one way to pick.
   *
   * @param calls about how many are measured
   */
  Report run(Contender contender, long seed, int calls) {
    double perSecond = experiment.apply(Duration.ofHours(1)).callsPerSecond();
    Duration length = Duration.ofMillis(Math.round(1_000 * calls / perSecond));
    return contender.in(experiment.apply(length)).seed(seed).warmUp(WARM_UP).run(length);
  }
}
