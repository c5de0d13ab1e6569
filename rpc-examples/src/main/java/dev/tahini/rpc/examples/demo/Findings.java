package dev.tahini.rpc.examples.demo;

import static dev.tahini.rpc.examples.demo.Traffic.ADDRESS;
import static dev.tahini.rpc.examples.demo.Traffic.LEAST_LOADED;
import static dev.tahini.rpc.examples.demo.Traffic.RANDOM;
import static dev.tahini.rpc.examples.demo.Traffic.SHARD;
import static dev.tahini.rpc.examples.demo.Words.count;
import static dev.tahini.rpc.examples.demo.Words.millis;
import static dev.tahini.rpc.examples.demo.Words.number;
import static dev.tahini.rpc.examples.demo.Words.percent;
import static dev.tahini.rpc.examples.demo.Words.percentRange;
import static dev.tahini.rpc.examples.demo.Words.range;

import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads what became of calls and keys out of what was measured. Pure functions. */
final class Findings {
  private Findings() {}

  /** All servers alike; the calls by address asked for one of them. */
  static Finding steady(SceneMeter scene, KeyMap keys, List<String> servers, String addressed) {
    int missed = scene.missedKeys().size();
    return noneFailed(scene)
        .say("Least loaded: " + spread(LEAST_LOADED, scene, servers))
        .say("Random: " + spread(RANDOM, scene, servers))
        .say(
            "By address: %s of %s went to %s, as asked for."
                .formatted(
                    number(scene.attempts(ADDRESS, addressed)),
                    count(scene.calls(ADDRESS), "call"),
                    addressed))
        .say(
            "By key: of %s each server has %s; %s, %s missed."
                .formatted(
                    count(keys.size(), "key"),
                    range(keys.counts().values()),
                    count(scene.calls(SHARD), "look-up"),
                    number(missed)))
        .expect(scene.share(ADDRESS, addressed) == 1, "calls by address went elsewhere")
        .expect(missed == 0, count(missed, "key") + " were not where they had been put")
        .done();
  }

  private static String spread(String picker, SceneMeter scene, List<String> servers) {
    return "each server got %s of %s."
        .formatted(
            percentRange(servers.stream().map(server -> scene.share(picker, server)).toList()),
            count(scene.calls(picker), "call"));
  }

  /** One server slow. */
  static Finding slow(
      SceneMeter before, SceneMeter scene, KeyMap keysBefore, KeyMap keys, String slow) {
    int moved = keysBefore.movedUntil(keys).size();
    return noneFailed(scene)
        .say(
            "Least loaded: its share went from %s to %s; p50 from %s to %s."
                .formatted(
                    percent(before.share(LEAST_LOADED, slow)),
                    percent(scene.share(LEAST_LOADED, slow)),
                    millis(before.callNanosAt(LEAST_LOADED, 50)),
                    millis(scene.callNanosAt(LEAST_LOADED, 50))))
        .say(
            "Random: %s went to it all the same, and took %s there (p50)."
                .formatted(
                    percent(scene.share(RANDOM, slow)),
                    millis(scene.attemptNanosAt(RANDOM, slow, 50))))
        .say(
            "By key: %s of %s moved; look-ups of its own %s took %s (p50)."
                .formatted(
                    number(moved),
                    count(keys.size(), "key"),
                    number(keys.keysOf(slow).size()),
                    millis(scene.attemptNanosAt(SHARD, slow, 50))))
        .expect(moved == 0, count(moved, "key") + " moved because a server was slow")
        .done();
  }

  /**
   * One server dead, and still on the list.
   *
   * @param inFlight calls on it just before
   */
  static Finding killed(SceneMeter scene, KeyMap before, KeyMap after, String dead, int inFlight) {
    Set<String> moved = before.movedUntil(after);
    Set<String> strays = minus(moved, before.keysOf(dead));
    Finding.Notes notes = onlyFailedOn(scene, dead, inFlight);
    return notes
        .say(
            "Of %s %s moved, %s the dead server's; %s stayed."
                .formatted(
                    count(before.size(), "key"),
                    number(moved.size()),
                    allBut(strays),
                    number(before.size() - moved.size())))
        .say(
            "Its memory is gone: %s of them were missed, and put anew at the next owner."
                .formatted(number(scene.missedKeys().size())))
        .expect(strays.isEmpty(), count(strays.size(), "key") + " moved from servers that live")
        .expect(after.keysOf(dead).isEmpty(), "the dead server still has keys")
        .expect(minus(scene.missedKeys(), moved).isEmpty(), "servers that live lost keys")
        .done();
  }

  private static Finding.Notes onlyFailedOn(SceneMeter scene, String dead, int inFlight) {
    long failed = failed(scene);
    long onDead = scene.failedAttempts(dead);
    Finding.Notes notes =
        new Finding.Notes()
            .say(
                count(scene.calls(), "call")
                    + "; failed: "
                    + (failed == 0 ? "none." : byCode(scene)))
            .say(
                "Just before the kill %s in flight on it; %s on it when the connection broke."
                    .formatted(
                        count(inFlight, "call") + (inFlight == 1 ? " was" : " were"),
                        number(onDead)));
    if (failed > 0) {
      notes.say("Their callers were told: " + firstText(scene));
    }
    if (onDead > failed) {
      notes.say(number(onDead - failed) + " of these had not begun, and gRPC sent them elsewhere.");
    }
    return notes
        .expect(
            failed == scene.failedCalls().getOrDefault(Status.Code.UNAVAILABLE, 0L),
            "calls failed with other than UNAVAILABLE: " + byCode(scene))
        .expect(
            failed <= onDead,
            "%s failed, but only %s in flight on the dead server: %s"
                .formatted(count(failed, "call"), number(onDead), firstText(scene)));
  }

  /** The dead server taken off the list. */
  static Finding delisted(SceneMeter scene, KeyMap before, KeyMap after) {
    int moved = before.movedUntil(after).size();
    return noneFailed(scene)
        .say(
            "Of %s %s moved: those of the dead server had moved before."
                .formatted(count(before.size(), "key"), number(moved)))
        .expect(moved == 0, count(moved, "key") + " moved though only a dead server went")
        .done();
  }

  /**
   * One more server.
   *
   * @param absent keys that have moved before, and may not have been put anew yet
   */
  static Finding added(
      SceneMeter scene, KeyMap before, KeyMap after, String added, Set<String> absent) {
    Set<String> moved = before.movedUntil(after);
    Set<String> strays = minus(moved, after.keysOf(added));
    Set<String> lost = minus(minus(scene.missedKeys(), moved), absent);
    return noneFailed(scene)
        .say("Least loaded: it got %s.".formatted(percent(scene.share(LEAST_LOADED, added))))
        .say(
            "Of %s %s moved, %s to the new server; %s stayed."
                .formatted(
                    count(before.size(), "key"),
                    number(moved.size()),
                    allBut(strays),
                    number(before.size() - moved.size())))
        .say(
            "Its memory was empty: %s of them were missed, and put anew."
                .formatted(number(minus(moved, minus(moved, scene.missedKeys())).size())))
        .expect(!moved.isEmpty(), "the new server got no keys")
        .expect(strays.isEmpty(), count(strays.size(), "key") + " moved between the old servers")
        .expect(lost.isEmpty(), "servers that live lost " + count(lost.size(), "key"))
        .done();
  }

  private static Finding.Notes noneFailed(SceneMeter scene) {
    boolean none = failed(scene) == 0;
    return new Finding.Notes()
        .say(count(scene.calls(), "call") + ", " + (none ? "none" : byCode(scene)) + " failed.")
        .expect(none, byCode(scene) + " failed: " + firstText(scene));
  }

  static long failed(SceneMeter scene) {
    return scene.failedCalls().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Such as "3 UNAVAILABLE, 1 INTERNAL". */
  static String byCode(SceneMeter scene) {
    return String.join(
        ", ",
        scene.failedCalls().entrySet().stream()
            .map(byCode -> number(byCode.getValue()) + " " + byCode.getKey())
            .toList());
  }

  /** What the first call that failed was told. */
  static String firstText(SceneMeter scene) {
    return scene.failedCalls().keySet().stream().findFirst().map(scene::failureText).orElse("");
  }

  private static String allBut(Set<String> strays) {
    return strays.isEmpty() ? "all of them" : "all but " + number(strays.size());
  }

  private static Set<String> minus(Set<String> all, Set<String> without) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(without);
    return rest;
  }
}
