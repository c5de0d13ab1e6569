package dev.tahini.rpc.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.benchmarks.report.Bar.Rule;
import dev.tahini.rpc.benchmarks.report.Bar.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BarTest {
  private static final Bar AT_MOST_AS_MUCH =
      Bar.beside("pick", "ours", "ns", Rule.AT_MOST_TIMES, 1, "theirs");

  @Test
  void holdsWhereTheWholeIntervalDoes() {
    assertEquals(Verdict.HOLDS, verdict(0.8, 0.81, 0.82, 0.83, 0.84, 0.85));
  }

  @Test
  void isMissedWhereTheWholeIntervalIsBeyond() {
    assertEquals(Verdict.MISSED, verdict(1.1, 1.11, 1.12, 1.13, 1.14, 1.15));
  }

  @Test
  void isWithinTheNoiseWhereTheIntervalHasTheLimit() {
    assertEquals(Verdict.WITHIN_NOISE, verdict(0.8, 0.9, 0.99, 1.01, 1.1, 1.2));
  }

  @Test
  void ofFewPairsEachHasToHold() {
    assertEquals(Verdict.HOLDS, verdict(0.9, 0.95));
    assertEquals(Verdict.WITHIN_NOISE, verdict(0.9, 1.05, 0.95));
  }

  @Test
  void pairsAreDividedOneByOne() {
    Figure ours = new Figure("pick", "ours", "ns", List.of(10.0, 100.0, 30.0));
    Figure theirs = new Figure("pick", "theirs", "ns", List.of(5.0, 50.0, 15.0));

    assertEquals(2, AT_MOST_AS_MUCH.judge(List.of(ours, theirs)).orElseThrow().value());
  }

  @Test
  void saysNothingOfWhatWasNotMeasured() {
    Figure ours = new Figure("pick", "ours", "ns", List.of(10.0));

    assertEquals(Optional.empty(), AT_MOST_AS_MUCH.judge(List.of(ours)));
  }

  private static Verdict verdict(double... ratios) {
    List<Double> ours = DoubleStream.of(ratios).boxed().toList();
    List<Double> theirs = ours.stream().map(each -> 1.0).toList();
    return AT_MOST_AS_MUCH
        .judge(
            List.of(
                new Figure("pick", "ours", "ns", ours), new Figure("pick", "theirs", "ns", theirs)))
        .orElseThrow()
        .verdict();
  }
}
