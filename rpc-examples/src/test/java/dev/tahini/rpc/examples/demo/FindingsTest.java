package dev.tahini.rpc.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private static final String A = "10.0.0.1:1";
  private static final String B = "10.0.0.2:1";
  private static final String C = "10.0.0.3:1";
  private static final Status GONE = Status.UNAVAILABLE.withDescription("io exception");

  private final SceneMeter scene = new SceneMeter();

  @Test
  void aCallThatBrokeOnTheDeadServerIsNoLoss() {
    call(B, GONE);

    Finding finding = killed(Map.of("x", A, "y", B), Map.of("x", A, "y", A));

    assertEquals(List.of(), finding.losses());
    assertTrue(finding.sentences().contains("Their callers were told: UNAVAILABLE: io exception"));
  }

  @Test
  void aCallThatFailedWithoutHavingReachedTheDeadServerIsALoss() {
    call(B, GONE);
    scene.callEnded(Traffic.LEAST_LOADED, GONE, 1);

    Finding finding = killed(Map.of("x", A), Map.of("x", A));

    assertEquals(
        List.of(
            "2 calls failed, but only 1 in flight on the dead server: UNAVAILABLE: io exception"),
        finding.losses());
  }

  @Test
  void aMissIsNoFailedCall() {
    call(A, Status.NOT_FOUND);

    assertEquals(Map.of(), scene.failedCalls());
    assertEquals(0, scene.failedAttempts(A));
  }

  @Test
  void aKeyThatMovesBetweenLiveServersIsALoss() {
    Finding finding = killed(Map.of("x", A, "y", B), Map.of("x", C, "y", C));

    assertEquals(List.of("1 key moved from servers that live"), finding.losses());
  }

  @Test
  void aKeyThatGoesElsewhereThanToTheNewServerIsALoss() {
    Finding finding =
        Findings.added(
            scene,
            new KeyMap(Map.of("x", A, "y", B)),
            new KeyMap(Map.of("x", B, "y", C)),
            C,
            Set.of());

    assertEquals(List.of("1 key moved between the old servers"), finding.losses());
    assertTrue(
        finding.sentences().contains("Of 2 keys 2 moved, all but 1 to the new server; 0 stayed."));
  }

  @Test
  void aMissedKeyThatHadNotMovedIsALoss() {
    scene.keyMissed("x");
    KeyMap before = new KeyMap(Map.of("x", A, "y", A));
    KeyMap after = new KeyMap(Map.of("x", A, "y", C));

    assertEquals(
        List.of("servers that live lost 1 key"),
        Findings.added(scene, before, after, C, Set.of()).losses());
    assertEquals(List.of(), Findings.added(scene, before, after, C, Set.of("x")).losses());
  }

  private Finding killed(Map<String, String> before, Map<String, String> after) {
    return Findings.killed(scene, new KeyMap(before), new KeyMap(after), B, 1);
  }

  private void call(String address, Status status) {
    scene.attemptEnded(address, Traffic.LEAST_LOADED, status, 1);
    scene.callEnded(Traffic.LEAST_LOADED, status, 1);
  }
}
