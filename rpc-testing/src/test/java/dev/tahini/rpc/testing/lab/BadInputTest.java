package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BadInputTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void assertSays(String message, Executable wrong) {
    assertEquals(message, assertThrows(InvalidValueException.class, wrong).getMessage());
  }

  private static String complaintOf(String argument) {
    return assertThrows(InvalidValueException.class, () -> LabArguments.parse(argument)).toString();
  }

  private static ClusterBuilder one() {
    return SimulatedCluster.builder().backend(ServerSpec.of("b")).load(Arrivals.poisson(10));
  }

  private static void runWith(Consumer<SimulatedCluster> action) {
    one().at(Duration.ZERO, action).run(SECOND);
  }

  @Test
  void twoBackendsOfOneName() {
    assertSays(
        "backend: b (expected: a name that no other backend has)",
        () -> one().backend(ServerSpec.of("b")));
    assertSays(
        "backend: b (expected: a name that no other backend has)",
        () -> runWith(cluster -> cluster.list(ServerSpec.of("b"))));
  }

  @Test
  void noBackend() {
    assertSays("backends: 0 (expected: 1 or more)", () -> SimulatedCluster.builder().run(SECOND));
  }

  @Test
  void unknownBackend() {
    assertSays("backend: x (expected: one of [b])", () -> runWith(cluster -> cluster.crash("x")));
    assertSays("backend: x (expected: one of [b])", () -> one().run(SECOND).backend("x"));
  }

  @Test
  void negativeNumbers() {
    assertSays("perSecond: -1.0 (expected: a finite number above 0)", () -> Arrivals.poisson(-1));
    assertSays(
        "part: NaN (expected: a finite number above 0)", () -> Arrivals.utilization(Double.NaN));
    assertSays(
        "slowdown: 0.0 (expected: a finite number above 0)",
        () -> ServerSpec.of("b").withSlowdown(0));
    assertSays("concurrency: 0 (expected: 1 or more)", () -> ServerSpec.of("b").withConcurrency(0));
    assertSays(
        "mean: PT-1S (expected: more than zero)", () -> ServiceTime.exponential(SECOND.negated()));
    assertSays("rareShare: 1.5 (expected: 0 to 1)", () -> ServiceTime.bimodal(SECOND, SECOND, 1.5));
    assertSays("clients: 0 (expected: 1 or more)", () -> one().clients(0));
    assertSays(
        "networkDelay: PT-1S (expected: zero or more)", () -> one().networkDelay(SECOND.negated()));
  }

  @Test
  void nameWithWhiteSpace() {
    assertSays("name: a b (expected: a name without white space)", () -> ServerSpec.of("a b"));
  }

  @Test
  void eventAfterTheEnd() {
    assertSays(
        "at: PT2S (expected: less than PT1S, the length of the run)",
        () -> one().at(SECOND.multipliedBy(2), cluster -> {}).run(SECOND));
  }

  @Test
  void phasesOutOfOrder() {
    assertSays(
        "phase: PT1S (expected: after PT1S, where the last one begins)",
        () -> one().phase(SECOND, "a").phase(SECOND, "b"));
  }

  @Test
  void crashOfWhatIsDown() {
    assertSays(
        "backend: b (expected: one that is up)",
        () ->
            runWith(
                cluster -> {
                  cluster.crash("b");
                  cluster.crash("b");
                }));
  }

  @Test
  void restoreOfWhatIsUp() {
    assertSays(
        "backend: b (expected: one that crashed)", () -> runWith(cluster -> cluster.restore("b")));
  }

  @Test
  void delistTwice() {
    assertSays(
        "backend: b (expected: one that is listed)",
        () ->
            runWith(
                cluster -> {
                  cluster.delist("b");
                  cluster.delist("b");
                }));
  }

  @Test
  void useAfterTheEnd() {
    List<SimulatedCluster> kept = new ArrayList<>();
    runWith(kept::add);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> kept.get(0).crash("b"));
    assertEquals(
        "crash b: the simulation has ended (expected: while it runs, see at)", thrown.getMessage());
  }

  @Test
  void whatTheScriptThrowsComesOutOfTheRun() {
    IllegalStateException mine = new IllegalStateException("mine");
    assertTrue(
        assertThrows(
                IllegalStateException.class,
                () ->
                    runWith(
                        cluster -> {
                          throw mine;
                        }))
            == mine);
  }

  @Test
  void unknownScenario() {
    String message = complaintOf("nope");
    assertTrue(
        message.contains(": scenario: nope (expected: one of even-fleet, one-slow, "), message);
  }

  @Test
  void unknownOption() {
    String message = complaintOf("--x");
    assertTrue(message.contains(": argument: --x (expected: --seed N, "), message);
  }

  @Test
  void optionWithoutItsNumber() {
    assertSays(
        "--calls: nothing (expected: a whole number from 1000 to 1000000000)",
        () -> LabArguments.parse("--calls"));
    assertSays(
        "--calls: many (expected: a whole number from 1000 to 1000000000)",
        () -> LabArguments.parse("--calls", "many"));
  }

  @Test
  void documentWithoutAPlaceForTheTable() {
    assertSays(
        "document: <!-- table: black-hole --> (expected: in it, and after it <!-- end -->)",
        () -> LabDocument.with("nothing", Scenario.BLACK_HOLE, "table"));
  }
}
