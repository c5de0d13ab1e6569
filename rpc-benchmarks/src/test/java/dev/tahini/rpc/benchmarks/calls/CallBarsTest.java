package dev.tahini.rpc.benchmarks.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tahini.rpc.benchmarks.report.Bar;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CallBarsTest {
  private static List<Bar> ofTheOption() {
    return CallBars.all().stream()
        .filter(bar -> bar.contender().equals(CallContender.TAHINI_ON_EVENT_LOOP.label()))
        .toList();
  }

  @Test
  void callbacksOnTheEventLoopAreJudgedWithoutBlockingStubs() {
    assertFalse(ofTheOption().isEmpty());
    assertFalse(ofTheOption().stream().anyMatch(bar -> bar.scenario().startsWith("blocking")));
  }

  @Test
  void callbacksOnTheEventLoopAreJudgedBesideArmeriaWhereTheClientIsBusy() {
    List<String> scenarios =
        ofTheOption().stream()
            .filter(bar -> Objects.requireNonNull(bar.reference()).contender().equals("armeria"))
            .map(Bar::scenario)
            .toList();

    assertEquals(
        List.of(
            "future, 16 in flight",
            "future, 128 in flight",
            "async, 16 in flight",
            "async, 128 in flight"),
        scenarios);
  }
}
