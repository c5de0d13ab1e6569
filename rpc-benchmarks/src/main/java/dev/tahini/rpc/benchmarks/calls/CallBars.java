package dev.tahini.rpc.benchmarks.calls;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import java.util.List;
import java.util.stream.Stream;

/** What calls may cost beside bare gRPC, with and without the hop to an executor. */
public final class CallBars {
  private CallBars() {}

  /** All of them. */
  public static List<Bar> all() {
    return CallScenario.all().stream()
        .flatMap(
            scenario ->
                Stream.concat(
                    of(scenario, CallContender.TAHINI, CallContender.ROUND_ROBIN),
                    of(scenario, CallContender.TAHINI_DIRECT, CallContender.ROUND_ROBIN_DIRECT)))
        .toList();
  }

  private static Stream<Bar> of(CallScenario scenario, CallContender ours, CallContender theirs) {
    return Stream.of(
        Bar.beside(
            scenario.label(), ours.label(), "calls/s", Rule.AT_LEAST_TIMES, 0.97, theirs.label()),
        Bar.beside(
            scenario.label(), ours.label(), "CPU us", Rule.AT_MOST_TIMES, 1.03, theirs.label()),
        Bar.beside(
            scenario.label(), ours.label(), "bytes", Rule.AT_MOST_MORE, 100, theirs.label()));
  }
}
