package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.bind.BindServer;
import dev.tahini.rpc.bind.RequiresBind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with a real server leaves the list as it is. */
@RequiresBind
class BindFailuresTest {
  private static final String HOST = "greeter.test.";
  private static final String TARGET = "dns:///greeter.test:80";

  private final BindServer bind =
      BindServer.startWithBroken(List.of("test"), List.of("broken.example"));
  private final DnsOptions quick =
      Binds.options(bind)
          .withRefresh(Duration.ofMillis(20), Duration.ofMillis(100))
          .withTimeout(Duration.ofMillis(300), 1);

  @AfterEach
  void closeServer() {
    bind.close();
  }

  @Test
  void killedServerEmptiesNothingAndIsFoundAgain() {
    bind.replace(HOST, "A", 0, List.of("10.0.0.1"));
    try (WatchedTarget watch = watch(quick, TARGET)) {
      watch.awaitAddresses("10.0.0.1:80");

      bind.kill();
      watch.awaitErrors(10);
      assertEquals(1, watch.lists().size());
      bind.restart();
      bind.replace(HOST, "A", 0, List.of("10.0.0.2"));

      watch.awaitAddresses("10.0.0.2:80");
      assertEquals(2, watch.lists().size());
    }
  }

  @Test
  void serverThatHangsEmptiesNothingAndIsFoundAgain() {
    bind.replace(HOST, "A", 0, List.of("10.0.0.1"));
    DnsDiscovery discovery = new DnsDiscovery(quick);
    try (WatchedTarget watch = WatchedTarget.watch(discovery, TARGET)) {
      watch.awaitAddresses("10.0.0.1:80");

      bind.pause();
      watch.awaitErrors(3);
      assertTrue(watch.lastError().contains("no answer within 300 ms"), watch.lastError());
      bind.resume();

      watch.await(() -> "a confirmation", () -> watch.confirmations() > 0);
      assertEquals(1, watch.lists().size());
      assertTrue(discovery.statistics().timedOut() >= 3, discovery.statistics()::toString);
    }
  }

  @Test
  void brokenZoneIsAFailure() {
    try (WatchedTarget watch = watch(quick, "dns:///greeter.broken.example:80")) {
      watch.awaitErrors(10);

      assertTrue(watch.lastError().contains("SERVFAIL"), watch.lastError());
      assertEquals(List.of(), watch.lists());
    }
  }

  @Test
  void refusalIsAFailure() {
    try (WatchedTarget watch = watch(quick, "dns:///greeter.elsewhere.example:80")) {
      watch.awaitErrors(10);

      assertTrue(watch.lastError().contains("REFUSED"), watch.lastError());
      assertEquals(List.of(), watch.lists());
    }
  }

  @Test
  void nameThatIsGoneForAMomentIsKept() {
    bind.replace(HOST, "A", 0, List.of("10.0.0.1"));
    DnsOptions patient = quick.withEmptyAfter(3, Duration.ofHours(1));
    try (WatchedTarget watch = watch(patient, TARGET)) {
      watch.awaitAddresses("10.0.0.1:80");

      bind.delete(HOST);
      watch.awaitErrors(5);
      assertTrue(watch.lastError().contains("NXDOMAIN"), watch.lastError());
      bind.replace(HOST, "A", 0, List.of("10.0.0.1"));

      watch.await(() -> "a confirmation", () -> watch.confirmations() > 0);
      assertEquals(1, watch.lists().size());
    }
  }

  @Test
  void nameWithoutAddressesForAMomentIsKept() {
    bind.replace(HOST, "A", 0, List.of("10.0.0.1"));
    bind.replace(HOST, "TXT", 0, List.of("stays"));
    DnsOptions patient = quick.withEmptyAfter(3, Duration.ofHours(1));
    try (WatchedTarget watch = watch(patient, TARGET)) {
      watch.awaitAddresses("10.0.0.1:80");

      bind.replace(HOST, "A", 0, List.of());
      watch.awaitErrors(5);
      assertTrue(watch.lastError().contains("no A records"), watch.lastError());
      bind.replace(HOST, "A", 0, List.of("10.0.0.1"));

      watch.await(() -> "a confirmation", () -> watch.confirmations() > 0);
      assertEquals(1, watch.lists().size());
    }
  }

  @Test
  void nameThatIsGoneForGoodEmptiesTheList() {
    bind.replace(HOST, "A", 0, List.of("10.0.0.1"));
    try (WatchedTarget watch = watch(quick.withEmptyAfter(3, Duration.ofMillis(300)), TARGET)) {
      watch.awaitAddresses("10.0.0.1:80");

      bind.delete(HOST);
      watch.awaitAddresses();
      assertTrue(watch.errors() >= 2, "it was believed at once");
      bind.replace(HOST, "A", 0, List.of("10.0.0.2"));

      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void deadServerIsPassedOver() {
    bind.replace(HOST, "A", 0, List.of("10.0.0.1"));
    DnsDiscovery discovery =
        new DnsDiscovery(quick.withServers("127.0.0.1:1", Binds.address(bind)));
    try (WatchedTarget watch = WatchedTarget.watch(discovery, TARGET)) {
      watch.awaitAddresses("10.0.0.1:80");
      long failed = discovery.statistics().unreachable();

      for (int i = 0; i < 10; i++) {
        watch.awaitConfirmation();
      }
      assertTrue(failed >= 1, "the first server was to be asked first");
      assertEquals(failed, discovery.statistics().unreachable(), "the dead one was asked again");
      assertEquals(0, watch.errors());
    }
  }

  @Test
  void silentServerIsPassedOver() {
    bind.replace(HOST, "A", 0, List.of("10.0.0.1"));
    try (ScriptedDnsServer silent = ScriptedDnsServer.start()) {
      String first = "127.0.0.1:" + silent.address().getPort();
      DnsDiscovery discovery = new DnsDiscovery(quick.withServers(first, Binds.address(bind)));
      try (WatchedTarget watch = WatchedTarget.watch(discovery, TARGET)) {
        watch.awaitAddresses("10.0.0.1:80");

        assertEquals(2, discovery.statistics().timedOut(), "one for A, one for AAAA");
        assertEquals(0, watch.errors());
      }
    }
  }

  @Test
  void oneFailingTargetOfAServiceKeepsItsAddresses() {
    bind.update(
        "add a.test. 0 A 10.0.0.1",
        "add _grpc._tcp.greeter.test. 0 SRV 0 0 80 a.test.",
        "add _grpc._tcp.greeter.test. 0 SRV 0 0 80 b.broken.example.");
    try (WatchedTarget watch = watch(quick, "dns:///greeter.test:grpc")) {
      watch.awaitAddresses("10.0.0.1:80");
      watch.awaitErrors(2);

      assertTrue(watch.lastError().contains("b.broken.example. A"), watch.lastError());
      assertEquals(1, watch.lists().size());
    }
  }

  private static WatchedTarget watch(DnsOptions options, String target) {
    return WatchedTarget.watch(new DnsDiscovery(options), target);
  }
}
