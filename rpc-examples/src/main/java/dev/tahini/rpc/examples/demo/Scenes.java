package dev.tahini.rpc.examples.demo;

import static dev.tahini.rpc.examples.demo.Words.count;
import static dev.tahini.rpc.examples.demo.Words.seconds;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What happens to the demo's servers, one thing after another. Confined to one thread. */
final class Scenes {
  private static final Duration SLOW = Duration.ofMillis(200);
  private static final Duration LONG_SCENE = Duration.ofSeconds(3);
  private static final Duration SHORT_SCENE = Duration.ofMillis(1_200);
  private static final Duration LONGEST_NEWS = Duration.ofSeconds(10);

  private final Cast cast;
  private final DemoCalls calls;
  private final CallMeter meter;
  private final Frames frames;
  private final Stage stage;
  private final List<String> losses = new ArrayList<>();

  Scenes(Cast cast, DemoCalls calls, CallMeter meter, Frames frames, Stage stage) {
    this.cast = cast;
    this.calls = calls;
    this.meter = meter;
    this.frames = frames;
    this.stage = stage;
  }

  /** Plays them all; returns what was lost that should not have been. */
  List<String> play() throws IOException, InterruptedException {
    SceneMeter steady = steady();
    slow(steady, cast.addresses().get(1));
    Set<String> absent = kill(cast.addresses().get(2));
    addOne(absent);
    return List.copyOf(losses);
  }

  private SceneMeter steady() throws InterruptedException {
    stage.open("Steady", count(cast.addresses().size(), "server") + ", all alike.");
    SceneMeter scene = meter.beginScene();
    stage.play(LONG_SCENE);
    conclude(Findings.steady(scene, frames.keyMap(), cast.addresses(), cast.addresses().get(0)));
    return scene;
  }

  private void slow(SceneMeter before, String slow) throws InterruptedException {
    KeyMap keysBefore = frames.keyMap();
    stage.open("One slow", slow + " takes " + SLOW.toMillis() + " ms for every answer.");
    calls.setDelay(slow, SLOW);
    SceneMeter scene = meter.beginScene();
    stage.play(LONG_SCENE);
    conclude(Findings.slow(before, scene, keysBefore, frames.keyMap(), slow));
    calls.setDelay(slow, cast.usualDelay());
    stage.say("It is made as fast as the others again.");
    stage.play(SHORT_SCENE);
  }

  /** Returns the keys that have moved. */
  private Set<String> kill(String victim) throws InterruptedException {
    KeyMap before = frames.keyMap();
    stage.open("One killed", victim + " gets SIGKILL. Discovery goes on listing it.");
    SceneMeter scene = meter.beginScene();
    int inFlight = frames.inFlight(victim);
    cast.kill(victim);
    stage.play(LONG_SCENE);
    KeyMap after = frames.keyMap();
    conclude(Findings.killed(scene, before, after, victim, inFlight));
    delist(victim, after);
    return before.movedUntil(after);
  }

  private void delist(String dead, KeyMap before) throws InterruptedException {
    stage.open("Off the list", "discovery lists " + dead + " no more.");
    SceneMeter scene = meter.beginScene();
    cast.forget(dead);
    list();
    stage.play(SHORT_SCENE);
    conclude(Findings.delisted(scene, before, frames.keyMap()));
  }

  private void addOne(Set<String> absent) throws IOException, InterruptedException {
    KeyMap before = frames.keyMap();
    ServerProcess server = cast.startOneMore();
    String added = stage.playUntil(server.address());
    stage.open("One added", added + " has started, and discovery lists it.");
    SceneMeter scene = meter.beginScene();
    cast.add(added, server);
    list();
    stage.play(LONG_SCENE);
    conclude(Findings.added(scene, before, frames.keyMap(), added, absent));
  }

  /** Lists those that are here, and plays on until the client knows: DNS takes its time. */
  private void list() throws InterruptedException {
    long start = System.nanoTime();
    cast.list();
    List<String> addresses = cast.addresses();
    if (stage.playUntil(() -> frames.areListed(addresses), LONGEST_NEWS)) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      stage.say("The client had the new list " + seconds(took) + " later.");
    } else {
      losses.add("the client had no new list within " + seconds(LONGEST_NEWS));
    }
  }

  private void conclude(Finding finding) {
    finding.sentences().forEach(stage::say);
    losses.addAll(finding.losses());
  }
}
