package dev.tahini.rpc.tests.faults;

import static dev.tahini.rpc.tests.Probes.ASK;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.lang.management.ManagementFactory;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The program of {@link OpenedAndClosedTest}: opens and closes clients and says what is left. */
final class OpenedAndClosed {
  private static final UnixOperatingSystemMXBean SYSTEM =
      (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int WARM_UP = 50;

  private OpenedAndClosed() {}

  /**
   * The program.
   *
   * @param arguments the port of a server that serves on all addresses, and how many clients
   */
  public static void main(String[] arguments) throws UnknownHostException {
    ChildJvm.endWithTheTest();
    List<Endpoint> endpoints = ManyEndpoints.endpoints(Integer.parseInt(arguments[0]), 3);
    String target =
        endpoints.stream()
            .map(Endpoint::addressText)
            .collect(Collectors.joining(",", "static:///", ""));
    int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
    openAndClose(target, WARM_UP);
    awaitAtMost("threads", OpenedAndClosed::threads, threadsBefore);
    long threads = threads();
    long sockets = SYSTEM.getOpenFileDescriptorCount();
    long heap = Heap.used();

    int clients = Integer.parseInt(arguments[1]);
    openAndClose(target, clients);

    awaitAtMost("threads", OpenedAndClosed::threads, threads);
    awaitAtMost("sockets", SYSTEM::getOpenFileDescriptorCount, sockets);
    Heap.awaitNone("dev.tahini.rpc.core.LiveBackend");
    ChildJvm.say(
        "threads="
            + (threads() - threads)
            + " sockets="
            + (SYSTEM.getOpenFileDescriptorCount() - sockets)
            + " heapBytesPerClient="
            + (Heap.used() - heap) / clients
            + " channels="
            + Heap.objects("io.grpc.internal.ManagedChannelImpl")
            + " subchannels="
            + Heap.objects("io.grpc.internal.InternalSubchannel")
            + " transports="
            + Heap.objects("io.grpc.netty.NettyClientTransport")
            + " backends="
            + Heap.objects("dev.tahini.rpc.core.LiveBackend")
            + " clients="
            + Heap.objects("dev.tahini.rpc.core.ClientChannel")
            + " watches="
            + Heap.objects("dev.tahini.rpc.core.EndpointWatch")
            + " tasks="
            + Heap.objects("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask"));
  }

  private static void openAndClose(String target, int clients) {
    for (int i = 0; i < clients; i++) {
      try (RpcClient<ProbeBlockingStub> client =
          RpcClient.builder(target, ProbeGrpc::newBlockingStub).plaintext().build()) {
        client.stub(Pick.shard("key-" + i)).withDeadlineAfter(Await.PATIENCE).ask(ASK);
      }
    }
  }

  private static long threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  /** gRPC's shared threads go a while after the last channel. */
  private static void awaitAtMost(String what, LongSupplier count, long most) {
    Await.until(
        Duration.ofSeconds(90),
        () -> count.getAsLong() + " " + what + " to be " + most + ": " + threadNames(),
        () -> count.getAsLong() <= most);
  }

  private static List<String> threadNames() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList();
  }
}
