package dev.tahini.rpc.benchmarks.discovery;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.report.Samples;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiscoveryTableTest {
  private static final String OURS = DiscoveryContender.TAHINI.label();
  private static final String GRPCS = DiscoveryContender.ROUND_ROBIN.label();

  private final Samples samples = new Samples();

  @Test
  void showsHowTheTimesAreSpread() {
    ours();

    assertShown("| tahini | 20 | 1.05 | 0.10 | 1.80 | 2.00 | 1.00 | 500 | 0 |");
    assertFalse(table().contains("round_robin"), this::table);
  }

  @Test
  void saysWhatWasNotSeenAndHowOftenItAsked() {
    calls(GRPCS, 700, 0);
    samples.add(Metrics.ONE_MORE, GRPCS, Metrics.NOT_SEEN, 35);
    samples.add(Metrics.ONE_MORE, GRPCS, Metrics.LOOK_UPS, 1);

    assertShown("| round_robin | 1 | not seen within 35 s |  |  |  |  | 700 | 0 |");
    assertShown("Looked up 1 time in all.");
  }

  @Test
  void judgesTheMedianAndTheFailures() {
    ours();

    assertShown("| one backend more | tahini | s <= 1.5: 1.05 [");
    assertShown("| calls meanwhile | tahini | failed <= 0: 0 | holds |");
  }

  /** From 0.1 s to 2 s. */
  private void ours() {
    IntStream.rangeClosed(1, 20)
        .forEach(
            i -> {
              samples.add(Metrics.ONE_MORE, OURS, Metrics.SECONDS, i / 10.0);
              samples.add(Metrics.ONE_MORE, OURS, Metrics.SECONDS_AFTER, i / 10.0 - 0.05);
            });
    calls(OURS, 500, 0);
  }

  private void calls(String contender, int calls, int failed) {
    samples.add(Metrics.CALLS_MADE, contender, Metrics.CALLS, calls);
    samples.add(Metrics.CALLS_MADE, contender, Metrics.FAILED, failed);
  }

  private void assertShown(String part) {
    String table = table();
    assertTrue(table.contains(part), table);
  }

  private String table() {
    return DiscoveryTable.of(samples.figures(), DiscoveryBars.all());
  }
}
