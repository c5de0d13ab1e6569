package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc;
import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc.EchoBlockingStub;
import dev.tahini.rpc.benchmarks.fleet.EchoFleet;
import dev.tahini.rpc.benchmarks.fleet.Traffic;
import dev.tahini.rpc.benchmarks.fleet.Waiting;
import dev.tahini.rpc.benchmarks.report.Samples;
import dev.tahini.rpc.core.RpcClient;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A pod becomes ready while calls go on: how soon does it get one? The client is the same for all;
 * its discovery is the contender's. For one thread.
 */
record OnePodMore(FakeApiServer server, EchoFleet fleet, int rounds, Samples samples) {
  /** The pods that are there all the time; one more comes and goes. */
  static final int ALWAYS_LISTED = 3;

  private static final int LONGEST_SECONDS = 20;
  private static final int LONGEST_PAUSE_MILLIS = 100;
  private static final int SEED = 1;

  void measure(KubernetesContender contender) {
    list(false);
    try (RpcClient<EchoBlockingStub> client =
        RpcClient.<EchoBlockingStub>builder(Slices.TARGET, EchoGrpc::newBlockingStub)
            .plaintext()
            .discovery(contender.discovery(server.uri()))
            .build()) {
      SplittableRandom random = new SplittableRandom(SEED);
      Traffic traffic = new Traffic(client.stub(Pick.random()));
      try (traffic) {
        for (int round = 0; round < rounds; round++) {
          list(false);
          awaitListed(client, ALWAYS_LISTED);
          Waiting.pass(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MILLIS)));
          samples.add(Metrics.ONE_MORE, contender.label(), Metrics.TO_FIRST_CALL, millisToCall());
        }
      }
      samples.add(Metrics.ONE_MORE, contender.label(), Metrics.FAILED, (double) traffic.failures());
    }
  }

  private double millisToCall() {
    CompletableFuture<Long> firstCall = fleet.backend(ALWAYS_LISTED).nextCall();
    long before = System.nanoTime();
    list(true);
    long called =
        Waiting.of(firstCall, LONGEST_SECONDS)
            .orElseThrow(() -> late("the new pod: no call", "one"));
    return (called - before) / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  private void list(boolean oneMore) {
    List<String> addresses =
        new ArrayList<>(IntStream.range(0, ALWAYS_LISTED).mapToObj(EchoFleet::address).toList());
    if (oneMore) {
      addresses.add(EchoFleet.address(ALWAYS_LISTED));
    }
    server.put(Slices.of(fleet.port(), addresses));
  }

  private static void awaitListed(RpcClient<?> client, int backends) {
    if (!Waiting.until(
        () -> client.view().snapshot().backends().size() == backends, LONGEST_SECONDS)) {
      throw late("the list: not of " + backends, "such a one");
    }
  }

  private static IllegalStateException late(String what, String expected) {
    return new IllegalStateException(
        what + " (expected: " + expected + " within " + LONGEST_SECONDS + " s)");
  }
}
