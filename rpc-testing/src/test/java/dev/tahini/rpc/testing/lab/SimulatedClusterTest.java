package dev.tahini.rpc.testing.lab;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SimulatedClusterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static ClusterBuilder three() {
    return SimulatedCluster.builder()
        .seed(5)
        .backends(3, each -> each)
        .clients(2)
        .load(Arrivals.poisson(500))
        .warmUp(SECOND);
  }

  private static long failed(Report report, Status.Code code) {
    return report.total().failed().getOrDefault(code, 0L);
  }

  private static String eventfulTrace(long seed) {
    StringBuilder trace = new StringBuilder();
    three()
        .seed(seed)
        .pick(Keys.zipf(50, 1), key -> key.endsWith("7") ? Pick.shard(key) : Pick.leastLoaded())
        .deadline(Duration.ofMillis(80))
        .at(SECOND, cluster -> cluster.crash("b01"))
        .at(SECOND.multipliedBy(2), cluster -> cluster.list(ServerSpec.of("new")))
        .at(SECOND.multipliedBy(3), cluster -> cluster.restore("b01"))
        .at(SECOND.multipliedBy(4), cluster -> cluster.delist("b00"))
        .trace(line -> trace.append(line).append('\n'))
        .run(SECOND.multipliedBy(6));
    return trace.toString();
  }

  @Test
  void sameSeedGivesTheSameTraceToTheByte() {
    String trace = eventfulTrace(1);
    assertTrue(trace.lines().count() > 3_000, () -> trace.lines().count() + " lines");
    assertEquals(trace, eventfulTrace(1));
  }

  @Test
  void anotherSeedGivesAnotherTrace() {
    assertNotEquals(eventfulTrace(1), eventfulTrace(2));
  }

  @Test
  void descriptionCanBeRunAgain() {
    ClusterBuilder experiment = three();
    assertEquals(experiment.run(SECOND), experiment.run(SECOND));
  }

  @Test
  void traceSaysWhoCalledWhomAndHowItEnded() {
    List<String> trace = new ArrayList<>();
    SimulatedCluster.builder()
        .backend(ServerSpec.of("b").withServiceTime(ServiceTime.constant(Duration.ofMillis(2))))
        .load(Arrivals.poisson(10))
        .trace(trace::add)
        .at(SECOND, cluster -> cluster.fail("b"))
        .run(SECOND.multipliedBy(2));
    assertTrue(trace.get(1).matches("0\\.\\d{9} c0 1 b OK 2500"), trace.get(1));
    assertTrue(trace.contains("1.000000000 * fail b"), trace::toString);
    String last = trace.get(trace.size() - 1);
    assertTrue(last.matches("1\\.\\d{9} c0 \\d+ b UNAVAILABLE 500"), last);
  }

  @Test
  void measuresAsManyCallsAsAskedFor() {
    assertEquals(1_234, three().runCalls(1_234).total().calls());
  }

  @Test
  void warmUpIsNotCounted() {
    Report report = three().warmUp(Duration.ofSeconds(10)).run(SECOND);
    assertEquals(500, (double) report.total().calls(), 100);
    assertEquals(report.total().attempts(), report.total().calls());
  }

  @Test
  void callsWaitUntilTheFirstConnectionIsMade() {
    Report report = three().warmUp(Duration.ZERO).networkDelay(Duration.ofMillis(50)).run(SECOND);
    assertEquals(50, (double) report.total().buffered(), 25);
    assertEquals(0, report.total().failures());
  }

  @Test
  void fullQueueFailsCalls() {
    Report report =
        SimulatedCluster.builder()
            .backend(ServerSpec.of("b").withConcurrency(1).withQueueLimit(2))
            .load(Arrivals.utilization(3))
            .run(SECOND);
    assertEquals(3, report.peakInFlight());
    assertTrue(failed(report, Status.Code.RESOURCE_EXHAUSTED) > 50);
  }

  @Test
  void crashFailsWhatIsInFlightAndThenNothingMore() {
    Report report =
        three()
            .phase(Duration.ZERO, "before")
            .phase(SECOND, "after")
            .at(SECOND, cluster -> cluster.crash("b02"))
            .run(SECOND.multipliedBy(3));
    long failed = report.total().failures();
    assertTrue(failed > 0 && failed <= 10, () -> failed + " failed");
    assertEquals(Map.of(Status.Code.UNAVAILABLE, failed), report.total().failed());
    assertTrue(report.phase("after").shareOf("b02"::equals) < 0.01);
  }

  @Test
  void callsFailWhenEveryBackendIsDown() {
    Report report =
        three()
            .phase(Duration.ZERO, "up")
            .phase(SECOND, "down")
            .at(SECOND, cluster -> List.of("b00", "b01", "b02").forEach(cluster::crash))
            .run(SECOND.multipliedBy(2));
    assertEquals(report.phase("down").calls(), report.phase("down").failures());
  }

  @Test
  void callsThatWaitForReadyOutliveAnOutage() {
    ClientInterceptor waiting =
        new ClientInterceptor() {
          @Override
          public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
              MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
            return next.newCall(method, options.withWaitForReady());
          }
        };
    Report report =
        SimulatedCluster.builder()
            .backend(ServerSpec.of("b").withQueueLimit(10_000))
            .load(Arrivals.poisson(100))
            .client((context, client) -> client.intercept(waiting))
            .phase(Duration.ZERO, "up")
            .phase(SECOND, "down")
            .at(SECOND, cluster -> cluster.crash("b"))
            .at(SECOND.multipliedBy(2), cluster -> cluster.restore("b"))
            .run(SECOND.multipliedBy(3));
    assertEquals(0, report.phase("down").failures());
    assertTrue(report.phase("down").latencies().maxMicros() > 1_000_000);
  }

  @Test
  void delistedBackendFinishesItsCalls() {
    Report report =
        three().at(SECOND, cluster -> cluster.delist("b01")).run(SECOND.multipliedBy(10));
    assertEquals(0, report.total().failures());
    assertEquals(1 / 30.0, report.backend("b01").share(), 0.01);
  }

  @Test
  void listedBackendTakesItsShare() {
    Report report =
        three()
            .phase(Duration.ZERO, "three")
            .phase(SECOND, "four")
            .at(SECOND, cluster -> cluster.list(ServerSpec.of("fourth")))
            .run(SECOND.multipliedBy(5));
    assertEquals(0, report.phase("three").shareOf("fourth"::equals));
    assertEquals(0.25, report.phase("four").shareOf("fourth"::equals), 0.03);
  }

  @Test
  void slowBackendIsSlowUntilItIsHealed() {
    Report report =
        SimulatedCluster.builder()
            .backend(ServerSpec.of("b").withServiceTime(ServiceTime.constant(Duration.ofMillis(1))))
            .load(Arrivals.poisson(50))
            .warmUp(SECOND)
            .phase(Duration.ZERO, "slow")
            .phase(SECOND, "healed")
            .at(Duration.ZERO, cluster -> cluster.slow("b", 9))
            .at(SECOND, cluster -> cluster.heal("b"))
            .run(SECOND.multipliedBy(2));
    assertEquals(9_500, (double) report.phase("slow").latencies().p50Micros(), 10);
    assertEquals(1_500, (double) report.phase("healed").latencies().p50Micros(), 10);
  }

  @Test
  void deadlineEndsCalls() {
    Report report = three().deadline(Duration.ofMillis(5)).run(SECOND);
    assertTrue(failed(report, Status.Code.DEADLINE_EXCEEDED) > 100);
    assertTrue(report.total().latencies().maxMicros() <= 5_000);
  }

  /** The user's picker runs in the real client, and sees the real backends. */
  @Test
  void usersPickerPicks() {
    Picker.Factory first =
        new Picker.Factory() {
          @Override
          public String name() {
            return "first";
          }

          @Override
          public Picker create(Picker.Backends backends) {
            Backend only = backends.all().get(0);
            return request -> only;
          }
        };
    Report report = three().picker(first).pick(Pick.with("first", null)).run(SECOND);
    assertEquals(1, report.backend("b00").share());
  }

  @Test
  void clientsStatisticsAreThoseOfTheSimulation() {
    Map<String, Long> started = new LinkedHashMap<>();
    List<ClientView> views = new ArrayList<>();
    Report report =
        three()
            .warmUp(Duration.ZERO)
            .client((context, client) -> client.feature(new Spy(views)))
            .at(
                Duration.ofMillis(1_999),
                cluster ->
                    views.forEach(
                        view ->
                            view.snapshot()
                                .backends()
                                .forEach(b -> started.merge(b.address(), b.started(), Long::sum))))
            .run(SECOND.multipliedBy(2));
    started.forEach(
        (backend, count) ->
            assertEquals((double) count, (double) report.backend(backend).attempts(), 5, backend));
  }

  @Test
  void nothingIsLeftInFlight() {
    List<ClientView> views = new ArrayList<>();
    three()
        .client((context, client) -> client.feature(new Spy(views)))
        .deadline(Duration.ofMillis(20))
        .at(Duration.ofMillis(500), cluster -> cluster.crash("b00"))
        .at(Duration.ofMillis(700), cluster -> cluster.slow("b01", 5))
        .at(Duration.ofMillis(900), cluster -> cluster.restore("b00"))
        .run(SECOND.multipliedBy(4));
    assertEquals(2, views.size());
    for (ClientView view : views) {
      view.snapshot().backends().forEach(b -> assertEquals(0, b.inFlight(), b.address()));
    }
  }

  /** Where no call has to wait, it takes the same time wherever it goes. */
  @Test
  void callIsTheSameUnderEveryPick() {
    assertEquals(
        callsAsTheyEnded(three(), Pick.random()),
        callsAsTheyEnded(three(), SimulatedCluster.ROUND_ROBIN));
  }

  private static List<String> callsAsTheyEnded(ClusterBuilder experiment, Pick pick) {
    List<String> calls = new ArrayList<>();
    experiment
        .pick(pick)
        .load(Arrivals.poisson(50))
        .trace(
            line -> {
              String[] parts = line.split(" ", -1);
              calls.add(String.join(" ", parts[2], parts[1], parts[0], parts[5]));
            })
        .run(SECOND.multipliedBy(10));
    return calls;
  }

  @Test
  void featuresHaveTheSimulationsTime() {
    List<Duration> ran = new ArrayList<>();
    three()
        .client(
            (context, client) -> {
              Instant began = context.time().clock().instant();
              Runnable task =
                  () -> ran.add(Duration.between(began, context.time().clock().instant()));
              Future<?> unused = context.time().scheduler().schedule(task, 900, MILLISECONDS);
            })
        .run(SECOND);
    Duration later = Duration.ofMillis(900);
    assertEquals(List.of(later, later), ran);
  }

  /** One call more to another backend: what a retry does to the black hole. */
  @Test
  void interceptorThatTriesAgainElsewhereEscapesTheBlackHole() {
    Report report =
        three()
            .at(Duration.ZERO, cluster -> cluster.fail("b01"))
            .client((context, client) -> client.intercept(new OneMoreTry()))
            .run(SECOND.multipliedBy(2));
    assertTrue(report.backend("b01").failed() > 100);
    assertEquals(0, report.total().failures());
  }

  @Test
  void addressPickGoesToItsBackend() {
    assertEquals(1, three().pick(Pick.address("b01")).run(SECOND).backend("b01").share());
  }

  @Test
  void reportIsATable() {
    String text = three().run(SECOND).toString();
    assertTrue(text.startsWith("| phase | calls | failed |"), text);
    assertTrue(text.contains("\n| b02     |      |"), text);
  }

  /** Keeps the view of each client. */
  private record Spy(List<ClientView> views) implements ClientFeature {
    @Override
    public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
      views.add(client);
      return List.of();
    }
  }
}
