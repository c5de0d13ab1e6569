package dev.tahini.rpc.benchmarks.picks;

import java.util.ArrayList;
import java.util.List;

/**
 * What is measured.
 *
 * @param method of {@link PickBenchmark}
 * @param backends from how many is picked
 * @param threads that pick at once
 */
public record PickScenario(String method, int backends, int threads) {

  /** All of them; the many backends on one thread only. */
  public static List<PickScenario> all() {
    List<PickScenario> all = new ArrayList<>();
    for (String method : List.of("pick", "call")) {
      for (int backends : List.of(3, 100, 1000)) {
        all.add(new PickScenario(method, backends, 1));
        all.add(new PickScenario(method, backends, 2));
      }
    }
    all.add(new PickScenario("pick", 10_000, 1));
    return all;
  }

  /** Enough to see that something went wrong. */
  public static List<PickScenario> few() {
    return List.of(
        new PickScenario("pick", 100, 1),
        new PickScenario("pick", 100, 2),
        new PickScenario("call", 100, 1));
  }

  /** The name in tables. */
  public String label() {
    return method + ", N=" + backends + ", " + threads + (threads == 1 ? " thread" : " threads");
  }

  /**
   * With its bookkeeping a call is measured of those that keep books by load; those that no bar
   * names are measured at one number of backends.
   */
  boolean has(PickContender contender) {
    return switch (contender) {
      case TAHINI_LEAST_LOADED, LEAST_REQUEST -> true;
      case PICK_FIRST, ARMERIA_ROUND_ROBIN, ARMERIA_STICKY -> isPick() && backends == 100;
      default -> isPick();
    };
  }

  private boolean isPick() {
    return method.equals("pick");
  }
}
