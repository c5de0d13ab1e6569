package dev.tahini.rpc.benchmarks.shards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardFiguresTest {
  private final Samples samples = new Samples();

  @Test
  void eachFleetGivesASampleOfEachFigure() {
    KeyRun run = new KeyRun(samples, new ShardKeys(1000), 2);
    run.measure(ShardContender.RENDEZVOUS, 0);
    run.measure(ShardContender.RENDEZVOUS, 1);

    List<Figure> figures = samples.figures();
    assertEquals(9, figures.size(), figures::toString);
    assertTrue(figures.stream().allMatch(f -> f.samples().size() == 2), figures::toString);
  }

  @Test
  void whoKnowsNoWeightsHasNoFiguresOfThem() {
    new KeyRun(samples, new ShardKeys(1000), 2).measure(ShardContender.JUMP, 0);

    assertEquals(7, samples.figures().size(), () -> samples.figures().toString());
  }

  @Test
  void buildsAndChangesHaveASampleOfEachRound() {
    List<ShardContender> contenders = List.of(ShardContender.TAHINI, ShardContender.MAGLEV);
    BuildRun run = new BuildRun(samples, 3, 0);
    run.measureBuilds(contenders, 10);
    run.measureChanges(contenders, 10);

    List<Figure> figures = samples.figures();
    assertEquals(2 * 3 * 2, figures.size(), figures::toString);
    assertTrue(figures.stream().allMatch(f -> f.samples().size() == 3), figures::toString);
  }

  @Test
  void theTableHasARowForEachContenderAndADashForWhatItLacks() {
    new KeyRun(samples, new ShardKeys(1000), 2).measure(ShardContender.JUMP, 0);

    String table = ShardTable.of(samples.figures(), ShardBars.all());

    List<String> rows = table.lines().filter(line -> line.startsWith("| jump hash")).toList();
    assertEquals(1, rows.size(), table);
    assertTrue(rows.get(0).endsWith(" | - | - |"), table);
  }
}
