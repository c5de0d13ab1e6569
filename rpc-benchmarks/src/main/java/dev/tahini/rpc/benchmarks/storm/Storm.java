package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.testing.lab.Arrivals;
import dev.tahini.rpc.testing.lab.ClusterBuilder;
import dev.tahini.rpc.testing.lab.ServerSpec;
import dev.tahini.rpc.testing.lab.SimulatedCluster;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One storm in the lab: clients of 200 calls a second each, and backends at 78 % of what they can
 * serve, all of which are down for a time.
 *
 * @param clients how many there are
 * @param down when the backends go; 10 s or more, so that budgets know the usual load
 * @param back when they return
 * @param length of all of it; longer than 10 s
 * @param seed of all chance
 */
record Storm(int clients, Duration down, Duration back, Duration length, long seed) {
  private static final int CALLS_PER_SECOND = 200;
  private static final int SLOTS_OF_BACKEND = 8;
  private static final int CLIENTS_PER_BACKEND = 25;
  private static final int BACKENDS_FOR_THEM = 8;

  StormMeter run(StormScenario scenario, StormContender contender) {
    StormMeter meter = new StormMeter(length);
    List<String> backends = backends();
    ClusterBuilder lab =
        SimulatedCluster.builder()
            .seed(seed)
            .clients(clients)
            .load(Arrivals.poisson((double) clients * CALLS_PER_SECOND))
            .at(down, each(backends, scenario::begin))
            .at(back, each(backends, scenario::end))
            .client(
                (context, client) -> {
                  meter.runsIn(context.time());
                  contender.features(context, meter).forEach(client::feature);
                });
    backends.forEach(name -> lab.backend(ServerSpec.of(name).withConcurrency(SLOTS_OF_BACKEND)));
    lab.run(length);
    return meter;
  }

  private List<String> backends() {
    int count = (int) Math.ceil((double) clients * BACKENDS_FOR_THEM / CLIENTS_PER_BACKEND);
    return IntStream.range(0, count).mapToObj(i -> "b" + i).toList();
  }

  private static Consumer<SimulatedCluster> each(
      List<String> backends, BiConsumer<SimulatedCluster, String> what) {
    return cluster -> backends.forEach(backend -> what.accept(cluster, backend));
  }
}
