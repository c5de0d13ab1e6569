package dev.tahini.rpc.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects samples while a run goes on. Confined to the thread of the run. */
public final class Samples {
  private final Map<List<String>, List<Double>> samples = new LinkedHashMap<>();

  /** Adds what the next round gave. */
  public void add(String scenario, String contender, String metric, double value) {
    samples
        .computeIfAbsent(List.of(scenario, contender, metric), key -> new ArrayList<>())
        .add(value);
  }

  /** All so far, in the order in which they first came. */
  public List<Figure> figures() {
    return samples.entrySet().stream()
        .map(e -> figure(e.getKey(), List.copyOf(e.getValue())))
        .toList();
  }

  private static Figure figure(List<String> key, List<Double> values) {
    return new Figure(key.get(0), key.get(1), key.get(2), values);
  }
}
