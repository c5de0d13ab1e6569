package dev.tahini.rpc.benchmarks.storm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.benchmarks.report.Bar.Verdict;
import dev.tahini.rpc.benchmarks.report.Figure;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class StormRunTest {
  @Test
  void everyContenderHasItsFiguresAndTheBarsAreHeld() {
    EnumSet<StormContender> contenders =
        EnumSet.of(StormContender.TAHINI, StormContender.NO_RETRIES);

    List<Figure> figures = new StormRun(new StormRun.Plan(2, contenders, 1), storm -> {}).run();

    assertEquals(2 * 2 * 6, figures.size(), figures::toString);
    assertTrue(
        StormRun.bars().stream()
            .map(bar -> bar.judge(figures))
            .allMatch(found -> found.map(Bar.Finding::verdict).orElseThrow() == Verdict.HOLDS),
        figures::toString);
  }
}
