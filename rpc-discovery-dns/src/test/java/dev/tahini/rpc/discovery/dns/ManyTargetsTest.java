package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
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
}
