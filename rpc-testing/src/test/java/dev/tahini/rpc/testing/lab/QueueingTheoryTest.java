package dev.tahini.rpc.testing.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tahini.rpc.Pick;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The model agrees with the queues whose answers are known: L. Kleinrock, Queueing Systems I. */
class QueueingTheoryTest {
  private static final double SERVICE_MILLIS = 10;
  private static final double WITHIN = 0.04;
  private static final int CALLS = 200_000;

  @Test
  void oneServerIsTheQueueMM1() {
    double utilization = 0.7;
    double expected = SERVICE_MILLIS / (1 - utilization);
    assertMean(expected, oneServer(exponential(), 1, utilization));
  }

  @Test
  void constantServiceIsTheQueueMD1() {
    double utilization = 0.7;
    double waiting = utilization * SERVICE_MILLIS / (2 * (1 - utilization));
    ServiceTime constant = ServiceTime.constant(Duration.ofMillis(10));
    assertMean(SERVICE_MILLIS + waiting, oneServer(constant, 1, utilization));
  }

  @Test
  void serverWithSlotsIsTheQueueMMc() {
    int slots = 8;
    double utilization = 0.8;
    double waiting = erlangC(slots, utilization) * SERVICE_MILLIS / (slots * (1 - utilization));
    assertMean(SERVICE_MILLIS + waiting, oneServer(exponential(), slots, utilization));
  }

  /** Pollaczek and Khinchin: the wait grows with the second moment of the service time. */
  @Test
  void bimodalServiceIsTheQueueMG1() {
    double utilization = 0.6;
    ServiceTime bimodal = ServiceTime.bimodal(Duration.ofMillis(5), Duration.ofMillis(55), 0.1);
    double secondMoment = 0.9 * 5 * 5 + 0.1 * 55 * 55;
    double perMilli = utilization / SERVICE_MILLIS;
    double waiting = perMilli * secondMoment / (2 * (1 - utilization));
    assertMean(SERVICE_MILLIS + waiting, oneServer(bimodal, 1, utilization));
  }

  @Test
  void randomPicksMakeIndependentQueuesMM1() {
    double utilization = 0.6;
    Report report =
        SimulatedCluster.builder()
            .seed(3)
            .backends(10, each -> queue(each, exponential(), 1))
            .clients(3)
            .pick(Pick.random())
            .load(Arrivals.utilization(utilization))
            .networkDelay(Duration.ZERO)
            .warmUp(Duration.ofSeconds(5))
            .runCalls(CALLS);
    assertMean(SERVICE_MILLIS / (1 - utilization), report);
    for (Report.BackendReport backend : report.backends()) {
      assertEquals(utilization, backend.utilization(), 0.03, backend.name());
    }
  }

  @Test
  void networkAddsARoundTrip() {
    Duration delay = Duration.ofMillis(3);
    Report report =
        SimulatedCluster.builder()
            .backend(ServerSpec.of("b").withServiceTime(ServiceTime.constant(Duration.ofMillis(1))))
            .networkDelay(delay)
            .warmUp(Duration.ofSeconds(1))
            .load(Arrivals.poisson(10))
            .runCalls(100);
    assertEquals(7_000, (double) report.total().latencies().p50Micros(), 7);
  }

  private static Report oneServer(ServiceTime serviceTime, int slots, double utilization) {
    return SimulatedCluster.builder()
        .seed(1)
        .backend(queue(ServerSpec.of("b"), serviceTime, slots))
        .load(Arrivals.utilization(utilization))
        .networkDelay(Duration.ZERO)
        .warmUp(Duration.ofSeconds(5))
        .runCalls(CALLS);
  }

  private static ServerSpec queue(ServerSpec spec, ServiceTime serviceTime, int slots) {
    return spec.withConcurrency(slots)
        .withQueueLimit(Integer.MAX_VALUE)
        .withServiceTime(serviceTime);
  }

  private static ServiceTime exponential() {
    return ServiceTime.exponential(Duration.ofMillis(10));
  }

  /** The probability that a call must wait, by Erlang's formula. */
  private static double erlangC(int slots, double utilization) {
    double offered = slots * utilization;
    double blocking = 1; // Erlang's B, slot by slot
    for (int i = 1; i <= slots; i++) {
      blocking = offered * blocking / (i + offered * blocking);
    }
    return blocking / (1 - utilization * (1 - blocking));
  }

  private static void assertMean(double expectedMillis, Report report) {
    assertEquals(0, report.total().failures());
    double millis = report.total().latencies().meanMicros() / 1_000;
    assertEquals(expectedMillis, millis, WITHIN * expectedMillis);
  }
}
