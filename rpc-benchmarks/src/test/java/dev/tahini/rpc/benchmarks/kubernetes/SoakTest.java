package dev.tahini.rpc.benchmarks.kubernetes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import dev.tahini.rpc.apiserver.Splitter;
import dev.tahini.rpc.benchmarks.fleet.Waiting;
import dev.tahini.rpc.discovery.k8s.KubernetesDiscovery;
import dev.tahini.rpc.discovery.k8s.KubernetesOptions;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A fault every second, for long, and a rollout of all pods in the middle of each: afterwards every
 * pod is there, and in the end neither a thread nor a socket is left. It is here, where no other
 * module waits for its ten minutes.
 */
class SoakTest {
  private static final Duration LENGTH =
      Boolean.getBoolean("tahini.full") ? Duration.ofMinutes(10) : Duration.ofSeconds(20);
  private static final int TICKS_IN_A_SECOND = 10;
  private static final int LONGEST_FAULT_TICKS = 6;
  private static final int PODS = 200;
  private static final int SLICES = 4;
  private static final int PATIENCE_SECONDS = 20;
  private static final String CLIENT_THREAD = "tahini-k8s";

  private final Set<Thread> otherThreads = Thread.getAllStackTraces().keySet();

  /** The last list, and whether one was ever empty. */
  private static final class Lists implements Discovery.Listener {
    private volatile List<String> last = List.of();
    private volatile boolean anyEmpty;

    @Override
    public void onEndpoints(List<Endpoint> endpoints) {
      last = endpoints.stream().map(Endpoint::addressText).toList();
      anyEmpty |= endpoints.isEmpty();
    }

    @Override
    public void onError(Status error) {}
  }

  @Test
  void everyPodIsBackAfterEachFault() throws InterruptedException {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(20261122);
    List<Long> recoveryMillis = new ArrayList<>();
    Semaphore ticks = new Semaphore(0);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    long tickMillis = 1_000 / TICKS_IN_A_SECOND;
    var unused =
        clock.scheduleAtFixedRate(ticks::release, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
    try (FakeApiServer server =
        FakeApiServer.builder().bookmarkInterval(Duration.ofMillis(200)).start()) {
      roll(server, 0);
      KubernetesDiscovery discovery =
          new KubernetesDiscovery(
              KubernetesOptions.defaults()
                  .withServer(server.uri())
                  .withIdleLimit(Duration.ofMillis(700))
                  .withBackoff(Duration.ofMillis(50), Duration.ofMillis(500)));
      Lists lists = new Lists();
      try (Discovery.Subscription watch = discovery.watch(Target.parse(Slices.TARGET), lists)) {
        awaitRollout(lists, 0, "none");
        for (int round = 1; round <= LENGTH.toSeconds(); round++) {
          Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
          begin(fault, server, random);
          roll(server, round);
          int ticksOfFault = random.nextInt(LONGEST_FAULT_TICKS + 1);
          ticks.acquire(ticksOfFault);
          server.faults().lift();
          long liftedNanos = System.nanoTime();
          awaitRollout(lists, round, fault.name());
          recoveryMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - liftedNanos));
          ticks.acquire(TICKS_IN_A_SECOND - ticksOfFault);
        }
        assertFalse(lists.anyEmpty, "a list was empty");
        assertNotNull(watch.lastConfirmed());
        server.awaitWatches(1);
      }
      server.awaitConnections(0);
      awaitThreadsEnd();
    } finally {
      clock.shutdownNow();
    }
    recoveryMillis.sort(null);
    System.out.printf(
        Locale.ROOT,
        "soak: %d faults; back after %d ms in the median, %d ms at most%n",
        recoveryMillis.size(),
        recoveryMillis.get(recoveryMillis.size() / 2),
        recoveryMillis.get(recoveryMillis.size() - 1));
  }

  /** Every pod is replaced by one at another address. */
  private static void roll(FakeApiServer server, int round) {
    for (int slice = 0; slice < SLICES; slice++) {
      int first = slice * PODS / SLICES;
      server.put(
          FakeSlice.of(Slices.NAMESPACE, Slices.SERVICE, "s" + slice)
              .port("grpc", 80)
              .endpoints(
                  IntStream.range(first, first + PODS / SLICES)
                      .mapToObj(i -> FakeEndpoint.of(network(round) + (i + 1)))
                      .toList()));
    }
  }

  private static String network(int round) {
    return "10." + (round / 200 + 1) + "." + (round % 200 + 1) + ".";
  }

  private static void awaitRollout(Lists lists, int round, String fault) {
    String network = network(round);
    assertTrue(
        Waiting.until(
            () ->
                lists.last.size() == PODS
                    && lists.last.stream().allMatch(address -> address.startsWith(network)),
            PATIENCE_SECONDS),
        () -> "rollout " + round + " after " + fault + ": there are " + lists.last);
  }

  /** The HTTP client's own thread ends when the client is collected. */
  private void awaitThreadsEnd() {
    assertTrue(
        Waiting.until(
            () -> {
              System.gc();
              return clientThreads().isEmpty();
            },
            PATIENCE_SECONDS),
        () -> "threads are left: " + clientThreads());
  }

  private List<String> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !otherThreads.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith(CLIENT_THREAD) || name.startsWith("HttpClient-"))
        .toList();
  }

  private enum Fault {
    CUT,
    CUT_IN_A_LINE,
    CUT_LISTS,
    ENDED,
    KILLED,
    PAUSED,
    HALF_OPEN,
    OVERLOADED,
    EXPIRED,
    REPLAYED,
    SPLIT
  }

  private static void begin(Fault fault, FakeApiServer server, RandomGenerator random) {
    switch (fault) {
      case CUT -> server.faults().cutConnections();
      case CUT_IN_A_LINE -> server.faults().cutWatchesInLine();
      case CUT_LISTS -> {
        server.faults().cutNextLists(2);
        server.compact();
        server.faults().cutConnections();
      }
      case ENDED -> server.faults().endWatches();
      case KILLED -> server.kill();
      case PAUSED -> server.faults().stall();
      case HALF_OPEN -> server.faults().muteWatches();
      case OVERLOADED -> {
        server.faults().failNext(5, 503, "ServiceUnavailable", "scripted", null);
        server.faults().cutConnections();
      }
      case EXPIRED -> {
        server.compact();
        server.faults().cutConnections();
      }
      case REPLAYED -> {
        server.faults().replayOnResume(3);
        server.faults().endWatches();
      }
      case SPLIT -> server.faults().chunking(Splitter.random(random.nextLong(), 20));
    }
  }
}
