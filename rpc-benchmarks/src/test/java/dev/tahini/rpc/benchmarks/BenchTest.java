package dev.tahini.rpc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.benchmarks.report.Conditions;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.SavedRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "foo; command: foo (expected: picks, life, calls, shards, discovery, kubernetes, storm, page, compare, help)",
        "picks --contenders x; contender: x (expected: one of tahini_least_loaded,",
        "life --rounds 0; --rounds: 0 (expected: 1 to 1000)",
        "calls --rounds many; --rounds: many (expected: 1 to 1000)",
        "calls --scenarios x; scenario: x (expected: one of blocking-1, blocking-16,",
        "discovery --contenders x; contender: x (expected: one of tahini, round_robin)",
        "discovery --rounds 0; --rounds: 0 (expected: 1 to 1000)",
        "storm --contenders x; contender: x (expected: one of tahini, tahini_no_budget,",
        "storm --rounds 0; --rounds: 0 (expected: 1 to 1000)",
        "compare a b; file: a (expected: a file that ./bench wrote)"
      })
  void mistakesNameTheValueAndTheChoices(String line, String complaint) {
    assertEquals(2, bench(line.split(" ", -1)));
    assertTrue(text(err).startsWith("bench: " + complaint), () -> text(err));
    assertEquals(1, text(err).lines().count());
  }

  @Test
  void comparesTwoSavedRuns() throws IOException {
    Path before = save("before.json", 10);
    Path after = save("after.json", 15);

    assertEquals(0, bench("compare", before.toString(), after.toString()));
    assertTrue(text(out).contains("| pick | ours | ns | 10.0 | 15.0 | 1.50 |"), () -> text(out));
  }

  private Path save(String name, double nanos) throws IOException {
    Path file = folder.resolve(name);
    Figure figure = new Figure("pick", "ours", "ns", List.of(nanos));
    new SavedRun("picks", Conditions.now(), List.of(figure)).write(file);
    return file;
  }

  private int bench(String... args) {
    return Bench.execute(writer(out), writer(err), args);
  }

  private static PrintWriter writer(ByteArrayOutputStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
