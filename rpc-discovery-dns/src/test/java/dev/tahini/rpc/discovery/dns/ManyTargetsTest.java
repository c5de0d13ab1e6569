package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A thousand targets need neither a thousand threads nor thousands of sockets at once. */
class ManyTargetsTest {
  private static final int TARGETS = 1_000;

  @Test
  void thousandTargetsShareOneThread() {
    try (ScriptedDnsServer server = ScriptedDnsServer.start()) {
      server.answer(
          (query, overTcp) ->
              Replies.answer(
                      query, Replies.records(query.getQuestion().getName() + " 60 A 10.0.0.1"))
                  .toWire());
      DnsDiscovery discovery =
          new DnsDiscovery(server.options().withTimeout(Duration.ofSeconds(10), 3));
      int before = Thread.activeCount();

      List<WatchedTarget> watches =
          IntStream.range(0, TARGETS)
              .mapToObj(
                  i -> WatchedTarget.watch(discovery, "dns:///greeter-" + i + ".test:80?family=v4"))
              .toList();
      watches.forEach(watch -> watch.awaitAddresses("10.0.0.1:80"));
      int threads = Thread.activeCount() - before;
      watches.forEach(WatchedTarget::close);

      assertTrue(threads <= 2, () -> threads + " threads: one for sockets, one for timers");
      assertTrue(discovery.statistics().answered() >= TARGETS, discovery.statistics()::toString);
    }
  }

  @Test
  void soManyWorkAtOnceAndTheOthersInTurn() {
    Turns turns = new Turns(2);
    Queue<CompletableFuture<Integer>> working = new ArrayDeque<>();
    List<CompletableFuture<Integer>> results =
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    turns.take(
                        () -> {
                          CompletableFuture<Integer> work = new CompletableFuture<>();
                          working.add(work);
                          return work;
                        }))
            .toList();
    assertEquals(2, working.size());
    working.remove().complete(7);
    working.remove().completeExceptionally(new IllegalStateException("failed"));

    assertEquals(2, working.size());
    assertEquals(7, results.get(0).join());
    assertTrue(results.get(1).isCompletedExceptionally());
    while (!working.isEmpty()) {
      working.remove().complete(8);
    }
    assertTrue(results.stream().allMatch(CompletableFuture::isDone));
  }

  @Test
  void workThatEndsAtOnceTakesNoStack() {
    Turns turns = new Turns(1);
    CompletableFuture<Integer> first = new CompletableFuture<>();
    var unused = turns.take(() -> first);
    List<CompletableFuture<Integer>> results =
        IntStream.range(0, 100_000)
            .mapToObj(i -> turns.take(() -> CompletableFuture.completedFuture(i)))
            .toList();

    first.complete(0);

    assertEquals(99_999, results.get(99_999).join());
  }
}
