package dev.tahini.rpc.benchmarks.calls;

import java.util.ArrayList;
import java.util.List;

/**
 * What is measured.
 *
 * @param inFlight calls at once
 */
public record CallScenario(StubKind kind, int inFlight) {

  /** Every stub with few and many calls at once. */
  public static List<CallScenario> all() {
    List<CallScenario> all = new ArrayList<>();
    for (StubKind kind : StubKind.values()) {
      for (int inFlight : List.of(1, 16, 128)) {
        all.add(new CallScenario(kind, inFlight));
      }
    }
    return all;
  }

  /** Enough to see that something went wrong. */
  public static List<CallScenario> few() {
    return List.of(new CallScenario(StubKind.BLOCKING, 1), new CallScenario(StubKind.ASYNC, 16));
  }

  /** The name on the command line, such as {@code future-16}. */
  public String name() {
    return kind.label() + "-" + inFlight;
  }

  /** The name in tables. */
  public String label() {
    return kind.label() + ", " + inFlight + " in flight";
  }
}
