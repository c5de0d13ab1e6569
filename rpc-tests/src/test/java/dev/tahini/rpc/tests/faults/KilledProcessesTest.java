package dev.tahini.rpc.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.ClosedLoop;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.LoadPicks;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One of five server processes is killed under load, again and again. */
@Tag("full")
final class KilledProcessesTest {
  private static final int SERVERS = 5;
  private static final int KILLS = 20;
  private static final int IN_FLIGHT = 100;
  private static final long CALL_MILLIS = 5;

  /** On loopback a connect fails at once: what is left is a busy machine. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  private final List<ChildJvm> processes = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final TestDiscovery discovery = new TestDiscovery();
  private final TimedCalls timed = new TimedCalls();
  private final UnansweredAttempts unanswered = new UnansweredAttempts();

  @AfterEach
  void endProcesses() {
    processes.forEach(ChildJvm::close);
  }

  @Test
  void killFailsNoCallsButThoseInFlightOnTheKilledAndHoldsUpNone() {
    for (int i = 0; i < SERVERS; i++) {
      processes.add(ProbeProcess.start("p" + i, CALL_MILLIS));
    }
    processes.forEach(process -> endpoints.add(ProbeProcess.endpoint(process)));
    discovery.set(endpoints);
    try (RpcClient<Channel> client =
            RpcClient.<Channel>builder(Fleet.TARGET, channel -> channel)
                .discovery(discovery)
                .intercept(timed)
                .feature(unanswered)
                .plaintext()
                .build();
        ClosedLoop loop = ClosedLoop.start(client.channel(), IN_FLIGHT, LoadPicks.LEAST_LOADED)) {
      awaitAllReady(client);
      List<Round> rounds = new ArrayList<>();
      for (int kill = 0; kill < KILLS; kill++) {
        rounds.add(killOne(client, loop, kill % SERVERS));
        startAnew(client, kill % SERVERS);
      }
      loop.stop();

      report(rounds);
    }
  }

  /**
   * What one kill cost.
   *
   * @param inFlight on the killed, as the client saw it just before
   * @param failed calls
   */
  private record Round(int inFlight, int failed, long longestNanos) {}

  private Round killOne(RpcClient<Channel> client, ClosedLoop loop, int index) {
    loop.awaitMore(2 * IN_FLIGHT);
    timed.take();
    Map<String, Long> failedBefore = failedAttempts(client);
    String killed = endpoints.get(index).addressText();
    int inFlight = backend(client, killed).inFlight();

    processes.get(index).kill();
    long dead = System.nanoTime();
    loop.awaitMore(10 * IN_FLIGHT);

    List<TimedCalls.Ended> ended = timed.take();
    List<TimedCalls.Ended> failed = ended.stream().filter(e -> !e.status().isOk()).toList();
    failed.forEach(e -> assertEquals(Status.Code.UNAVAILABLE, e.status().getCode(), e::toString));
    assertOnlyWhatWasOnTheKilledFailed(killed, failed.size(), failedBefore, failedAttempts(client));
    long longest =
        ended.stream()
            .filter(e -> e.startNanos() > dead)
            .mapToLong(TimedCalls.Ended::durationNanos)
            .max()
            .orElseThrow();
    assertTrue(longest < LONGEST_CALL.toNanos(), () -> longest + " ns waited a call");
    return new Round(inFlight, failed.size(), longest);
  }

  /**
   * Calls begin and end between any look at the counts and the kill, and go on to begin until the
   * client hears of it. So the bound is not the count just before, but what was begun on the killed
   * as long as the client took it for connected and was not answered: those that are begun later,
   * on a connection that is closed, gRPC sends elsewhere. And no attempt failed on another server.
   */
  private void assertOnlyWhatWasOnTheKilledFailed(
      String killed, int failed, Map<String, Long> before, Map<String, Long> after) {
    int most = unanswered.count(killed);
    assertTrue(failed <= most, () -> failed + " failed, in flight on it were " + most);
    assertTrue(failed <= IN_FLIGHT, () -> failed + " failed");
    after.forEach(
        (address, attempts) -> {
          if (!address.equals(killed)) {
            assertEquals(before.getOrDefault(address, 0L), attempts, address);
          }
        });
  }

  private static BackendSnapshot backend(RpcClient<?> client, String address) {
    return client.view().snapshot().backends().stream()
        .filter(backend -> backend.address().equals(address))
        .findFirst()
        .orElseThrow();
  }

  /** Fails are counted before the call ends. */
  private static Map<String, Long> failedAttempts(RpcClient<?> client) {
    Map<String, Long> failed = new HashMap<>();
    for (BackendSnapshot backend : client.view().snapshot().backends()) {
      failed.put(backend.address(), backend.failed().values().stream().mapToLong(n -> n).sum());
    }
    return failed;
  }

  private void startAnew(RpcClient<Channel> client, int index) {
    ChildJvm process = ProbeProcess.start("p" + index, CALL_MILLIS);
    processes.set(index, process);
    endpoints.set(index, ProbeProcess.endpoint(process));
    discovery.set(endpoints);
    awaitAllReady(client);
  }

  private static void awaitAllReady(RpcClient<Channel> client) {
    Await.until(
        () -> "all to be ready: " + client.view().snapshot(),
        () ->
            client.view().snapshot().backends().stream()
                    .filter(backend -> backend.state() == ConnectivityState.READY)
                    .count()
                == SERVERS);
  }

  private static void report(List<Round> rounds) {
    System.out.printf(
        "%d kills, %d calls in flight on %d servers: on the killed just before %s; failed calls %s;"
            + " longest call after a kill %d ms%n",
        KILLS,
        IN_FLIGHT,
        SERVERS,
        rounds.stream().mapToInt(Round::inFlight).summaryStatistics(),
        rounds.stream().mapToInt(Round::failed).summaryStatistics(),
        Duration.ofNanos(rounds.stream().mapToLong(Round::longestNanos).max().orElseThrow())
            .toMillis());
  }
}
