package dev.tahini.rpc.examples.demo;

import static dev.tahini.rpc.examples.demo.Words.count;
import static dev.tahini.rpc.examples.demo.Words.millis;
import static dev.tahini.rpc.examples.demo.Words.percent;
import static dev.tahini.rpc.examples.demo.Words.seconds;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.RpcClients;
import dev.tahini.rpc.discovery.dns.DnsDiscoveryModule;
import dev.tahini.rpc.discovery.k8s.KubernetesDiscoveryModule;
import java.time.Duration;
import java.util.List;

/** The demo's client on the user's own greeter servers: least-loaded calls for a time. */
final class TargetRun {
  private TargetRun() {}

  /** Returns what was lost: nothing as long as any call was answered. */
  static List<String> play(Target target, Duration length, DemoPage page, Display display)
      throws InterruptedException {
    CallMeter meter = new CallMeter();
    Injector injector =
        Guice.createInjector(
            new ClientModule(target, meter),
            new DnsDiscoveryModule().asDefault(),
            new KubernetesDiscoveryModule(),
            page.module());
    try (RpcClients clients = injector.getInstance(RpcClients.class)) {
      DemoCalls calls = injector.getInstance(DemoCalls.class);
      page.tell(injector, display);
      ClientView client = clients.all().get(0);
      Stage stage = new Stage(display, new Frames(client, meter, List.of()));
      stage.open("Greeting", target + " for " + seconds(length) + ", each call the least loaded.");
      try (Traffic traffic = new Traffic(meter)) {
        traffic.start(
            Traffic.LEAST_LOADED, 16, Duration.ofMillis(25), () -> calls.greet(Pick.leastLoaded()));
        stage.play(length);
      }
      return conclude(meter.scene(), client, display);
    }
  }

  private static List<String> conclude(SceneMeter scene, ClientView client, Display display) {
    long failed = Findings.failed(scene);
    display.say(
        "%s, %s failed; p50 %s, p99 %s."
            .formatted(
                count(scene.calls(), "call"),
                failed == 0 ? "none" : Findings.byCode(scene),
                millis(scene.callNanosAt(Traffic.LEAST_LOADED, 50)),
                millis(scene.callNanosAt(Traffic.LEAST_LOADED, 99))));
    client.snapshot().backends().stream()
        .map(backend -> backend.address() + " got " + share(scene, backend.address()) + ".")
        .forEach(display::say);
    if (failed == 0) {
      return List.of();
    }
    display.say("The first that failed was told: " + Findings.firstText(scene));
    return failed < scene.calls() ? List.of() : List.of("no call was answered");
  }

  private static String share(SceneMeter scene, String address) {
    return percent(scene.share(Traffic.LEAST_LOADED, address));
  }
}
