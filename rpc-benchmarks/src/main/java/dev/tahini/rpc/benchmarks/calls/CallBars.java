package dev.tahini.rpc.benchmarks.calls;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import java.util.List;
import java.util.stream.Stream;

/**
 * What calls may cost beside bare gRPC, with and without the hop to an executor, beside Armeria's
 * client, and with retries beside gRPC's own.
 */
public final class CallBars {
  /** Below, a loop waits for its one answer, and how fast the client is says little. */
  private static final int BUSY = 16;

  private CallBars() {}

  /** All of them. */
  public static List<Bar> all() {
    return CallScenario.all().stream()
        .flatMap(
            scenario ->
                Stream.of(hopping(scenario), onEventLoop(scenario), retrying(scenario))
                    .flatMap(bars -> bars))
        .toList();
  }

  private static Stream<Bar> hopping(CallScenario scenario) {
    return Stream.concat(
        of(scenario, CallContender.TAHINI, CallContender.ROUND_ROBIN),
        of(scenario, CallContender.TAHINI_LEAN, CallContender.ROUND_ROBIN));
  }

  /** Blocking stubs run callbacks on the thread that waits, whatever the channel does. */
  private static Stream<Bar> onEventLoop(CallScenario scenario) {
    if (scenario.kind() == StubKind.BLOCKING) {
      return Stream.empty();
    }
    return Stream.of(CallContender.TAHINI_ON_EVENT_LOOP, CallContender.TAHINI_LEAN_ON_EVENT_LOOP)
        .flatMap(ours -> onEventLoop(scenario, ours));
  }

  private static Stream<Bar> onEventLoop(CallScenario scenario, CallContender ours) {
    Bar besideArmeria = callsPerSecond(scenario, ours, 1.3, CallContender.ARMERIA);
    return Stream.concat(
        of(scenario, ours, CallContender.ROUND_ROBIN_DIRECT),
        scenario.inFlight() < BUSY ? Stream.empty() : Stream.of(besideArmeria));
  }

  /** What a call pays that succeeds. */
  private static Stream<Bar> retrying(CallScenario scenario) {
    String ours = CallContender.TAHINI_RETRY.label();
    String grpcs = CallContender.TAHINI_GRPC_RETRY.label();
    return Stream.of(
        Bar.beside(scenario.label(), ours, "CPU us", Rule.AT_MOST_TIMES, 1, grpcs),
        Bar.beside(scenario.label(), ours, "bytes", Rule.AT_MOST_TIMES, 1, grpcs));
  }

  private static Stream<Bar> of(CallScenario scenario, CallContender ours, CallContender theirs) {
    return Stream.of(
        callsPerSecond(scenario, ours, 0.97, theirs),
        Bar.beside(
            scenario.label(), ours.label(), "CPU us", Rule.AT_MOST_TIMES, 1.03, theirs.label()),
        Bar.beside(
            scenario.label(), ours.label(), "bytes", Rule.AT_MOST_MORE, 100, theirs.label()));
  }

  private static Bar callsPerSecond(
      CallScenario scenario, CallContender ours, double atLeast, CallContender theirs) {
    return Bar.beside(
        scenario.label(), ours.label(), "calls/s", Rule.AT_LEAST_TIMES, atLeast, theirs.label());
  }
}
