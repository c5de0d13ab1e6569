package dev.tahini.rpc.tests.faults;

import static dev.tahini.rpc.tests.Probes.ASK;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.ConnectivityState;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The program of {@link ManyEndpointsTest}: a client of many endpoints, most of which are dead. It
 * says how that went as figures.
 */
final class ManyEndpoints {
  private static final UnixOperatingSystemMXBean SYSTEM =
      (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final Duration SETTLING = Duration.ofSeconds(30);
  private static final Duration WINDOW = Duration.ofSeconds(20);
  private static final int ADDRESSES_OF_A_NET = 250;

  private ManyEndpoints() {}

  /**
   * The program.
   *
   * @param arguments the port of a server that serves on all addresses, one where nobody serves,
   *     how many endpoints there are of each
   */
  public static void main(String[] arguments) throws UnknownHostException {
    ChildJvm.endWithTheTest();
    List<Endpoint> endpoints =
        endpoints(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[2]));
    endpoints.addAll(endpoints(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[3])));
    Collections.shuffle(endpoints, new Random(5));
    TestDiscovery discovery = new TestDiscovery();
    discovery.set(endpoints);
    long idle = SYSTEM.getOpenFileDescriptorCount();
    AtomicLong most = new AtomicLong();
    RawServer.daemon(() -> watchSockets(most));

    long start = System.nanoTime();
    long cpu = SYSTEM.getProcessCpuTime();
    try (RpcClient<ProbeBlockingStub> client =
        RpcClient.builder(Fleet.TARGET, ProbeGrpc::newBlockingStub)
            .discovery(discovery)
            .plaintext()
            .build()) {
      client.stub().withDeadlineAfter(1, TimeUnit.MINUTES).ask(ASK);
      long firstMillis = millisSince(start);
      long firstCpuMillis = TimeUnit.NANOSECONDS.toMillis(SYSTEM.getProcessCpuTime() - cpu);
      settle(client, Integer.parseInt(arguments[2]));
      pass(SETTLING);
      long mostSockets = most.getAndSet(0) - idle;
      long before = SYSTEM.getProcessCpuTime();
      pass(WINDOW);
      long steady = 100 * (SYSTEM.getProcessCpuTime() - before) / WINDOW.toNanos();
      ChildJvm.say(
          "firstMillis="
              + firstMillis
              + " firstCpuMillis="
              + firstCpuMillis
              + " mostSockets="
              + mostSockets
              + " steadySockets="
              + (most.get() - idle)
              + " threads="
              + ManagementFactory.getThreadMXBean().getThreadCount()
              + " cpuPercent="
              + steady
              + " failedCalls="
              + failedOf(client, 1_000));
    }
  }

  /** Waits until the good are connected. */
  private static void settle(RpcClient<?> client, int good) {
    Await.until(
        Duration.ofMinutes(1),
        () -> "the good to be ready",
        () ->
            client.view().snapshot().backends().stream()
                    .filter(backend -> backend.state() == ConnectivityState.READY)
                    .count()
                >= Math.min(good, 1));
  }

  private static int failedOf(RpcClient<ProbeBlockingStub> client, int calls) {
    int failed = 0;
    for (int i = 0; i < calls; i++) {
      failed += Fleet.fails(client.stub().withDeadlineAfter(5, TimeUnit.SECONDS)) ? 1 : 0;
    }
    return failed;
  }

  private static void watchSockets(AtomicLong most) {
    while (true) {
      most.accumulateAndGet(SYSTEM.getOpenFileDescriptorCount(), Math::max);
      pass(Duration.ofMillis(20));
    }
  }

  private static void pass(Duration time) {
    long start = System.nanoTime();
    Await.until(
        time.plusMinutes(1),
        () -> "time to pass",
        () -> System.nanoTime() - start > time.toNanos());
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  /** So many of loopback's addresses, with one port. */
  static List<Endpoint> endpoints(int port, int count) throws UnknownHostException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] address = {
        127, 1, (byte) (i / ADDRESSES_OF_A_NET), (byte) (1 + i % ADDRESSES_OF_A_NET)
      };
      endpoints.add(Endpoint.of(new InetSocketAddress(InetAddress.getByAddress(address), port)));
    }
    return endpoints;
  }
}
