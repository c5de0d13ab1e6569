package dev.tahini.rpc.examples.demo;

import static dev.tahini.rpc.examples.demo.Words.count;
import static dev.tahini.rpc.examples.demo.Words.number;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClients;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The demo on servers of its own: puts its parts together, and takes them apart. */
final class DemoRun {
  private static final int SERVERS = 4;
  private static final Duration USUAL_DELAY = Duration.ofMillis(5);
  private static final List<String> KEYS =
      IntStream.range(0, 1_000).mapToObj(i -> "key-" + i).toList();

  private DemoRun() {}

  /** Returns what was lost that should not have been. */
  static List<String> play(ListPlace place, DemoPage page, Display display)
      throws IOException, InterruptedException {
    CallMeter meter = new CallMeter();
    try (ServerList list = place.open();
        ServerFleet fleet = new ServerFleet()) {
      onSignal("end-servers", fleet::close);
      display.say("Starting " + count(SERVERS, "server") + ", each in a process of its own.");
      display.say("Their list is kept " + list.place() + ": " + list.target());
      Cast cast = new Cast(fleet, list, USUAL_DELAY);
      cast.enter(SERVERS);
      Injector injector =
          Guice.createInjector(
              new ClientModule(list.target(), meter), list.discovery(), page.module());
      try (RpcClients clients = injector.getInstance(RpcClients.class);
          Traffic traffic = new Traffic(meter)) {
        onSignal("close-clients", clients::close); // that discovery is gone then is no news
        DemoCalls calls = injector.getInstance(DemoCalls.class);
        page.tell(injector, display);
        Frames frames = new Frames(clients.all().get(0), meter, KEYS);
        Stage stage = new Stage(display, frames);
        warmUp(calls, stage);
        startTraffic(traffic, calls, meter, cast.addresses().get(0));
        stage.play(Duration.ofMillis(500));
        List<String> losses = new Scenes(cast, calls, meter, frames, stage).play();
        conclude(meter, losses, display);
        return losses;
      }
    }
  }

  private static void onSignal(String name, Runnable end) {
    Runtime.getRuntime().addShutdownHook(new Thread(end, name));
  }

  private static void warmUp(DemoCalls calls, Stage stage) throws InterruptedException {
    stage.open("Warming up", count(KEYS.size(), "key") + " are put into the cache.");
    stage.say("share: of the scene's least-loaded calls. p50, p99: of all the scene's calls.");
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      stage.playUntil(
          CompletableFuture.allOf(
              KEYS.stream()
                  .map(key -> CompletableFuture.runAsync(() -> calls.getOrPut(key), threads))
                  .toArray(CompletableFuture<?>[]::new)));
    } finally {
      threads.shutdownNow();
    }
  }

  private static void conclude(CallMeter meter, List<String> losses, Display display) {
    display.say("");
    display.say(
        "In all: %s, %s failed. Lost without need: %s."
            .formatted(
                count(meter.calls(), "call"),
                number(meter.failed()),
                losses.isEmpty() ? "nothing" : String.join("; ", losses)));
  }

  private static void startTraffic(
      Traffic traffic, DemoCalls calls, CallMeter meter, String addressed) {
    traffic.start(
        Traffic.LEAST_LOADED, 16, Duration.ofMillis(25), () -> calls.greet(Pick.leastLoaded()));
    traffic.start(Traffic.RANDOM, 10, Duration.ofMillis(100), () -> calls.greet(Pick.random()));
    traffic.start(
        Traffic.ADDRESS, 1, Duration.ofMillis(25), () -> calls.greet(Pick.address(addressed)));
    traffic.start(Traffic.SHARD, 8, Duration.ofMillis(20), () -> lookUpOne(calls, meter));
  }

  private static void lookUpOne(DemoCalls calls, CallMeter meter) {
    String key = KEYS.get(ThreadLocalRandom.current().nextInt(KEYS.size()));
    if (!calls.getOrPut(key)) {
      meter.scene().keyMissed(key);
    }
  }
}
