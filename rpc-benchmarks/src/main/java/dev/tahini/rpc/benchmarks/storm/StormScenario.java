package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.testing.lab.SimulatedCluster;

/** How all backends are down. */
public enum StormScenario {
  /** Their connections stay, and each call fails at once with {@code UNAVAILABLE}. */
  FAILING("all backends fail each call"),
  /** Their processes are gone: calls in flight fail, and those that find no connection. */
  CRASHED("all backends crash");

  private final String label;

  StormScenario(String label) {
    this.label = label;
  }

  /** The name in tables. */
  public String label() {
    return label;
  }

  void begin(SimulatedCluster cluster, String backend) {
    if (this == FAILING) {
      cluster.fail(backend);
    } else {
      cluster.crash(backend);
    }
  }

  void end(SimulatedCluster cluster, String backend) {
    if (this == FAILING) {
      cluster.heal(backend);
    } else {
      cluster.restore(backend);
    }
  }
}
