package dev.tahini.rpc.tests.faults;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.TestDiscovery;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.Fleet;
import dev.tahini.rpc.tests.NamesResolver;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import java.lang.management.ManagementFactory;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program of {@link SmallHeapTest}: connects many backends, says what heap that took, fills the
 * heap, and says how many calls fail then.
 */
final class SmallHeap {
  private static final UnixOperatingSystemMXBean SYSTEM =
      (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int CHUNK = 64 << 10;
  private static final long LEFT_FREE = 8L << 20;
  private static final int CALLS = 5_000;

  private SmallHeap() {}

  /**
   * The program.
   *
   * @param arguments {@code tahini} or {@code round_robin}, the port of a server that serves on all
   *     addresses, and how many backends
   */
  public static void main(String[] arguments) throws UnknownHostException {
    ChildJvm.endWithTheTest();
    int port = Integer.parseInt(arguments[1]);
    // A client of one backend first: classes, threads and buffers that all share.
    ManagedChannel first = roundRobin(ManyEndpoints.endpoints(port, 1));
    failedOf(first, 100);
    List<Endpoint> endpoints = ManyEndpoints.endpoints(port, Integer.parseInt(arguments[2]));
    if (arguments[0].equals("tahini")) {
      try (RpcClient<Channel> one = client(endpoints.subList(0, 1))) {
        failedOf(one.channel(), 100);
      }
      run(endpoints.size(), () -> client(endpoints).channel());
    } else {
      run(endpoints.size(), () -> roundRobin(endpoints));
    }
    Runtime.getRuntime().halt(0);
  }

  private interface Opening {
    Channel open();
  }

  private static RpcClient<Channel> client(List<Endpoint> endpoints) {
    TestDiscovery discovery = new TestDiscovery();
    discovery.set(endpoints);
    return RpcClient.<Channel>builder(Fleet.TARGET, channel -> channel)
        .discovery(discovery)
        .plaintext()
        .build();
  }

  private static ManagedChannel roundRobin(List<Endpoint> endpoints) {
    NameResolverRegistry registry = new NameResolverRegistry();
    registry.register(
        new NamesResolver(endpoints.stream().map(Endpoint::toAddressGroup).toList(), null));
    return Grpc.newChannelBuilder("names:///probe", InsecureChannelCredentials.create(), registry)
        .defaultLoadBalancingPolicy("round_robin")
        .build();
  }

  private static void run(int backends, Opening opening) {
    long heap = Heap.used();
    long sockets = SYSTEM.getOpenFileDescriptorCount();
    Channel channel = opening.open();
    int failed = failedOf(channel, 1);
    Await.until(
        Duration.ofMinutes(4), // gRPC waits up to two after a connect that failed
        () -> "all to be connected",
        () -> SYSTEM.getOpenFileDescriptorCount() >= sockets + backends);
    failed += failedOf(channel, 2 * backends);
    long perBackend = (Heap.used() - heap) / backends;
    List<byte[]> ballast = fill();
    int failedUnderPressure = failedOf(channel, CALLS);
    ChildJvm.say(
        "heapBytesPerBackend="
            + perBackend
            + " failed="
            + failed
            + " failedUnderPressure="
            + failedUnderPressure
            + " ballastMiB="
            + ((long) ballast.size() * CHUNK / (1 << 20)));
  }

  /** Takes what is free of the heap, but for a few MiB. */
  private static List<byte[]> fill() {
    List<byte[]> ballast = new ArrayList<>();
    long free = Runtime.getRuntime().maxMemory() - Heap.used();
    for (long left = free - LEFT_FREE; left > 0; left -= CHUNK) {
      ballast.add(new byte[CHUNK]);
    }
    return ballast;
  }

  private static int failedOf(Channel channel, int calls) {
    ProbeBlockingStub stub = ProbeGrpc.newBlockingStub(channel);
    int failed = 0;
    for (int i = 0; i < calls; i++) {
      failed += Fleet.fails(stub.withDeadlineAfter(30, TimeUnit.SECONDS)) ? 1 : 0;
    }
    return failed;
  }
}
