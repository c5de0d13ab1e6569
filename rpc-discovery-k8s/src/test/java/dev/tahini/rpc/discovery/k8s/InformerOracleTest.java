package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import dev.tahini.rpc.apiserver.Splitter;
import dev.tahini.rpc.apiserver.Verb;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * Scripts of changes and faults, drawn by a seed: after each, what is watched here is what the
 * informer of another client holds that watched the same server through the same faults.
 */
class InformerOracleTest {
  private static final int SCRIPTS = Boolean.getBoolean("tahini.full") ? 500 : 20;
  private static final int STEPS = 8;
  private static final long SEED = 20261122;
  private static final List<String> SLICES = List.of("a", "b", "c");

  @Test
  void informerHoldsTheSameAfterEachScript() {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);
    KubernetesOptions options =
        KubernetesOptions.defaults()
            .withDebounce(Duration.ofMillis(2))
            .withBackoff(Duration.ofMillis(1), Duration.ofMillis(20));
    try (FakeApiServer server = FakeApiServer.start();
        KubernetesClient other = client(server);
        SharedIndexInformer<EndpointSlice> informer =
            other
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("prod")
                .withLabel(FakeSlice.SERVICE_NAME, "greeter")
                .inform();
        WatchedTarget watch =
            WatchedTarget.watch(
                new KubernetesDiscovery(options.withServer(server.uri())),
                "k8s:///greeter.prod:grpc")) {
      for (int script = 0; script < SCRIPTS; script++) {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
          steps.add(step(server, random));
        }
        server.faults().lift();
        // A last change, which both have to have seen when they agree with it.
        String marker = "10.1." + script / 250 + "." + (script % 250 + 1);
        server.put(slice("marker", List.of(FakeEndpoint.of(marker))));
        int number = script;
        watch.await(
            () ->
                "script " + number + " " + steps + ": " + marker + " to be in " + watch.addresses(),
            () -> watch.addresses().contains(marker + ":80"));
        // The informer takes a new list slice by slice, and drops what is not in it last.
        watch.await(
            () ->
                "script %d %s: the informer to hold %s; it holds %s"
                    .formatted(number, steps, watch.addresses(), addresses(informer)),
            () ->
                addresses(informer).contains(marker + ":80")
                    && addresses(informer).equals(watch.addresses()));
        server.delete("prod", "marker");
      }
    }
  }

  private static KubernetesClient client(FakeApiServer server) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder()
                .withMasterUrl(server.uri().toString())
                .withNamespace("prod")
                .withWatchReconnectInterval(10)
                .withRequestRetryBackoffInterval(10)
                .withAutoConfigure(false)
                .build())
        .build();
  }

  private static String step(FakeApiServer server, RandomGenerator random) {
    switch (random.nextInt(14)) {
      case 0, 1, 2, 3, 4, 5 -> {
        String name = SLICES.get(random.nextInt(SLICES.size()));
        List<FakeEndpoint> endpoints = endpoints(random);
        server.put(slice(name, endpoints));
        return "put " + name + endpoints;
      }
      case 6 -> {
        String name = SLICES.get(random.nextInt(SLICES.size()));
        server.delete("prod", name);
        return "delete " + name;
      }
      case 7 -> {
        server.faults().cutConnections();
        return "cut";
      }
      case 8 -> {
        server.faults().endWatches();
        return "end";
      }
      case 9 -> {
        server.compact();
        server.faults().cutConnections();
        return "compact and cut";
      }
      case 10 -> {
        server.faults().failNext(1, Verb.WATCH, 500, "InternalError", "scripted", null);
        server.faults().cutConnections();
        return "500 and cut";
      }
      case 11 -> {
        server.sendBookmarks();
        return "bookmark";
      }
      case 12 -> {
        server.faults().chunking(Splitter.random(random.nextLong(), 40));
        return "split";
      }
      default -> {
        server.faults().replayOnResume(2);
        server.faults().endWatches();
        return "replay";
      }
    }
  }

  private static List<FakeEndpoint> endpoints(RandomGenerator random) {
    List<FakeEndpoint> endpoints = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      endpoints.add(
          FakeEndpoint.of("10.0.0." + random.nextInt(1, 8))
              .ready(random.nextInt(4) == 0 ? null : random.nextInt(4) != 0));
    }
    return endpoints;
  }

  private static FakeSlice slice(String name, List<FakeEndpoint> endpoints) {
    return FakeSlice.of("prod", "greeter", name).port("grpc", 80).endpoints(endpoints);
  }

  /** What the informer holds that is ready. */
  private static Set<String> addresses(SharedIndexInformer<EndpointSlice> informer) {
    Set<String> addresses = new TreeSet<>();
    for (EndpointSlice slice : informer.getStore().list()) {
      List<Endpoint> endpoints = slice.getEndpoints();
      for (Endpoint endpoint : endpoints == null ? List.<Endpoint>of() : endpoints) {
        EndpointConditions conditions = endpoint.getConditions();
        if (conditions == null || !Boolean.FALSE.equals(conditions.getReady())) {
          addresses.add(endpoint.getAddresses().get(0) + ":80");
        }
      }
    }
    return addresses;
  }
}
