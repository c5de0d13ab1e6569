package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.testing.lab.Report.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tables say of today's picks. One that becomes better changes the document, too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScenarioTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "lab.md");

  private final Map<Scenario, ScenarioReport> runs = new EnumMap<>(Scenario.class);

  private ScenarioReport run(Scenario scenario) {
    return runs.computeIfAbsent(
        scenario, each -> each.run(Scenario.DEFAULT_SEED, Scenario.DEFAULT_CALLS));
  }

  private Phase total(Scenario scenario, String pick) {
    return run(scenario).of(pick).total();
  }

  @ParameterizedTest
  @EnumSource
  void tableInTheDocumentIsWhatTheLabPrints(Scenario scenario) throws IOException {
    String document = Files.readString(DOCUMENT);
    String table = run(scenario).toString();
    assertEquals(
        LabDocument.with(document, scenario, table),
        document,
        "if the change is meant: ./lab --refresh docs/lab.md");
  }

  @ParameterizedTest
  @EnumSource
  void everyPickSeesTheSameCalls(Scenario scenario) {
    List<Long> calls =
        run(scenario).byPick().values().stream().map(report -> report.total().calls()).toList();
    assertEquals(1, calls.stream().distinct().count(), calls::toString);
  }

  @ParameterizedTest
  @EnumSource
  void everyCallEnds(Scenario scenario) {
    run(scenario)
        .byPick()
        .forEach((pick, report) -> assertEquals(0, report.total().unfinished(), pick));
  }

  @ParameterizedTest
  @EnumSource
  void noPickAnswersSoonerThanTheOracle(Scenario scenario) {
    double oracle = total(scenario, "oracle").latencies().meanMicros();
    run(scenario)
        .byPick()
        .forEach(
            (pick, report) -> assertTrue(report.total().latencies().meanMicros() >= oracle, pick));
  }

  @Test
  void evenFleetIsSharedEvenly() {
    for (String pick : List.of("least loaded", "random", "round robin", "oracle")) {
      run(Scenario.EVEN_FLEET)
          .of(pick)
          .backends()
          .forEach(backend -> assertEquals(0.1, backend.share(), 0.005, pick));
    }
  }

  @Test
  void leastLoadedIsNearTheOracleOnAnEvenFleet() {
    Latencies leastLoaded = total(Scenario.EVEN_FLEET, "least loaded").latencies();
    Latencies random = total(Scenario.EVEN_FLEET, "random").latencies();
    Latencies oracle = total(Scenario.EVEN_FLEET, "oracle").latencies();
    assertTrue(leastLoaded.p50Micros() < 1.1 * oracle.p50Micros());
    assertTrue(random.p50Micros() > 1.2 * oracle.p50Micros());
  }

  @Test
  void hotKeysOverloadTheirShard() {
    assertEquals(0, total(Scenario.EVEN_FLEET, "shard, even keys").failures());
    assertTrue(total(Scenario.EVEN_FLEET, "shard, Zipf keys").failedShare() > 0.01);
  }

  @Test
  void leastLoadedAvoidsTheSlowBackend() {
    Phase leastLoaded = total(Scenario.ONE_SLOW, "least loaded");
    assertEquals(0, leastLoaded.failures());
    assertTrue(leastLoaded.shareOf("b00"::equals) < 0.01);
    assertTrue(total(Scenario.ONE_SLOW, "round robin").failedShare() > 0.05);
  }

  /** It has the least in flight, being so quick to fail. */
  @Test
  void blackHoleAttractsTheLeastLoadedPick() {
    double leastLoaded = total(Scenario.BLACK_HOLE, "least loaded").failedShare();
    double roundRobin = total(Scenario.BLACK_HOLE, "round robin").failedShare();
    assertEquals(0.1, roundRobin, 0.002);
    assertTrue(leastLoaded > 1.3 * roundRobin && leastLoaded < 0.2);
    assertEquals(0, total(Scenario.BLACK_HOLE, "oracle").failures());
  }

  @Test
  void leastLoadedSparesTheColdBackendUntilItIsWarm() {
    Report leastLoaded = run(Scenario.COLD_START).of("least loaded");
    assertTrue(leastLoaded.phase("cold").shareOf("b09"::equals) < 0.05);
    assertEquals(0.1, leastLoaded.phase("warm").shareOf("b09"::equals), 0.005);
    assertEquals(0, leastLoaded.total().failures());
    assertTrue(run(Scenario.COLD_START).of("round robin").phase("cold").failedShare() > 0.02);
  }

  @Test
  void crashCostsOnlyTheCallsThatWereInFlight() {
    Report report = run(Scenario.CRASH_AND_RETURN).of("least loaded");
    assertTrue(report.total().failures() <= report.backend("b00").peakInFlight());
    assertEquals(0, report.phase("back").failures());
  }

  @Test
  void backendThatReturnsHasItsShareAgainWithinTheLongestWait() {
    Report report = run(Scenario.CRASH_AND_RETURN).of("least loaded");
    Duration waited = ScenarioReport.timeToShare(report, "back", "b00"::equals).orElseThrow();
    assertTrue(waited.compareTo(Duration.ofSeconds(10)) < 0, waited::toString);
  }

  /** One call in flight tells little about a server that 200 share. */
  @Test
  void leastLoadedIsHardlyBetterThanRandomForManyClients() {
    Latencies leastLoaded = total(Scenario.MANY_CLIENTS, "least loaded").latencies();
    Latencies random = total(Scenario.MANY_CLIENTS, "random").latencies();
    Latencies oracle = total(Scenario.MANY_CLIENTS, "oracle").latencies();
    assertTrue(leastLoaded.p99Micros() < random.p99Micros());
    assertTrue(leastLoaded.p50Micros() > 1.8 * oracle.p50Micros());
  }

  @Test
  void halfOfTheCallsLeaveTheirZone() {
    Phase whole = run(Scenario.ZONE_HALVED).of("least loaded").phase("whole");
    Phase halved = run(Scenario.ZONE_HALVED).of("least loaded").phase("halved");
    assertEquals(0.5, (double) whole.zoneCrossings() / whole.attempts(), 0.01);
    assertEquals(0.5, (double) halved.zoneCrossings() / halved.attempts(), 0.01);
    assertEquals(1 / 3.0, halved.shareOf(name -> name.compareTo("b10") >= 0), 0.01);
  }
}
