package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.benchmarks.fleet.Waiting;
import dev.tahini.rpc.benchmarks.kubernetes.ClientThreads.Spent;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A service of 5,000 endpoints in 50 slices: what the first list costs, and what a change of one
 * endpoint does. For one thread.
 */
record BigService(FakeApiServer server) {
  private static final int SLICES = 50;
  private static final int ENDPOINTS = 5_000;
  private static final int CHANGES = 100;
  private static final int LONGEST_SECONDS = 20;

  static BigService on(FakeApiServer server) {
    for (int i = 0; i < SLICES; i++) {
      server.put(Slices.ofMany(i, true));
    }
    return new BigService(server);
  }

  void measure(KubernetesContender contender, Samples samples) {
    ClientThreads threads = new ClientThreads();
    AwaitedList heard = new AwaitedList();
    Meter meter = new Meter(threads, contender, samples);
    CompletableFuture<Integer> first = heard.ofSize(ENDPOINTS);
    Discovery.Subscription[] subscription = new Discovery.Subscription[1];
    meter.measure(
        Metrics.LIST,
        1,
        () -> {
          subscription[0] =
              threads.run(
                  () ->
                      contender.discovery(server.uri()).watch(Target.parse(Slices.TARGET), heard));
          await(first);
        });
    try {
      change(heard, 2); // after which nothing of the first list is left to do
      meter.measure(Metrics.CHANGE, CHANGES, () -> change(heard, CHANGES));
    } finally {
      subscription[0].close();
      server.awaitWatches(0);
    }
  }

  /** One endpoint is not ready, and is ready again, each in a slice of its own. */
  private void change(AwaitedList heard, int times) {
    for (int i = 0; i < times; i++) {
      boolean isReady = i % 2 == 1;
      CompletableFuture<Integer> list = heard.ofSize(isReady ? ENDPOINTS : ENDPOINTS - 1);
      server.put(Slices.ofMany(i / 2 % SLICES, isReady));
      await(list);
    }
  }

  private static void await(CompletableFuture<Integer> list) {
    if (Waiting.of(list, LONGEST_SECONDS).isEmpty()) {
      throw new IllegalStateException("list: none (expected: within " + LONGEST_SECONDS + " s)");
    }
  }

  private record Meter(ClientThreads threads, KubernetesContender contender, Samples samples) {

    void measure(String what, int times, Runnable task) {
      Spent before = threads.spent();
      long begun = System.nanoTime();
      task.run();
      long nanos = System.nanoTime() - begun;
      Spent spent = threads.spent().minus(before);
      double aMilli = TimeUnit.MILLISECONDS.toNanos(1);
      add(what, Metrics.TO_LIST, nanos / aMilli / times);
      add(what, Metrics.CPU, spent.cpuNanos() / aMilli / times);
      add(what, Metrics.ALLOCATED, spent.bytes() / 1_000.0 / times);
    }

    private void add(String what, String metric, double value) {
      samples.add(what, contender.label(), metric, value);
    }
  }
}
