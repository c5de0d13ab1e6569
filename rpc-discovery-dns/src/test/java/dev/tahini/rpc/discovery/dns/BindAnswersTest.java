package dev.tahini.rpc.discovery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tahini.rpc.bind.BindServer;
import dev.tahini.rpc.bind.RequiresBind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a real server answers is read as it is meant. */
@RequiresBind
class BindAnswersTest {
  private static final String HOST = "greeter.test.";
  private static final String SERVICE = "_grpc._tcp.greeter.test.";
  private static final int DAY = 86_400;

  private final BindServer bind = BindServer.start("test", "other.example");
  private final DnsOptions quick =
      Binds.options(bind).withRefresh(Duration.ofMillis(50), Duration.ofMillis(200));

  @AfterEach
  void closeServer() {
    bind.close();
  }

  @Test
  void threeHundredAddressesComeOverTcp() {
    List<String> addresses = addresses(300);
    bind.replace(HOST, "A", 1, addresses);

    try (WatchedTarget watch = watch(quick, "dns:///greeter.test:80")) {
      watch.awaitAddresses(withPort(addresses, 80));
    }
  }

  @Test
  void threeHundredServiceTargetsComeOverTcp() {
    List<String> addresses = addresses(300);
    bind.update(
        IntStream.range(0, 300)
            .mapToObj(i -> "add pod-" + i + ".test. 1 A " + addresses.get(i))
            .toArray(String[]::new));
    bind.replace(
        SERVICE,
        "SRV",
        1,
        IntStream.range(0, 300).mapToObj(i -> "0 5 8080 pod-" + i + ".test.").toList());

    try (WatchedTarget watch = watch(quick, "dns:///greeter.test:grpc")) {
      watch.awaitAddresses(withPort(addresses, 8080));
    }
  }

  @Test
  void addressesOfBothFamiliesAreBackends() {
    bind.replace(HOST, "A", 1, List.of("10.0.0.1"));
    bind.replace(HOST, "AAAA", 1, List.of("fd00::1"));

    try (WatchedTarget both = watch(quick, "dns:///greeter.test:80");
        WatchedTarget v4 = watch(quick, "dns:///greeter.test:80?family=v4");
        WatchedTarget v6 = watch(quick, "dns:///greeter.test:80?family=v6")) {
      both.awaitAddresses("10.0.0.1:80", "[fd00::1]:80");
      v4.awaitAddresses("10.0.0.1:80");
      v6.awaitAddresses("[fd00::1]:80");
    }
  }

  @Test
  void aliasesAreFollowed() {
    bind.replace("first.test.", "CNAME", DAY, List.of("second.test."));
    bind.replace("second.test.", "CNAME", DAY, List.of("greeter.other.example."));
    bind.replace("greeter.other.example.", "A", DAY, List.of("10.0.0.1"));

    try (WatchedTarget watch = watch(quick, "dns:///first.test:80")) {
      watch.awaitAddresses("10.0.0.1:80");
    }
  }

  @Test
  void changedAliasIsSeenByItsOwnTtl() {
    bind.replace("alias.test.", "CNAME", 1, List.of("blue.test."));
    bind.replace("blue.test.", "A", DAY, List.of("10.0.0.1"));
    bind.replace("green.test.", "A", DAY, List.of("10.0.0.2"));
    DnsOptions patient =
        Binds.options(bind).withRefresh(Duration.ofMillis(100), Duration.ofHours(1));

    try (WatchedTarget watch = watch(patient, "dns:///alias.test:80")) {
      watch.awaitAddresses("10.0.0.1:80");
      bind.replace("alias.test.", "CNAME", 1, List.of("green.test."));
      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void otherOrderIsNoChange() {
    bind.replace(HOST, "A", 0, addresses(5));

    try (WatchedTarget watch = watch(quick, "dns:///greeter.test:80")) {
      watch.awaitAddresses(withPort(addresses(5), 80));
      for (int i = 0; i < 10; i++) {
        watch.awaitConfirmation();
      }
      assertEquals(1, watch.lists().size());
    }
  }

  @Test
  void ttlOfADayIsCutToTheLongestWait() {
    bind.replace(HOST, "A", DAY, List.of("10.0.0.1"));

    try (WatchedTarget watch = watch(quick, "dns:///greeter.test:80")) {
      watch.awaitAddresses("10.0.0.1:80");
      bind.replace(HOST, "A", DAY, List.of("10.0.0.2"));
      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void hintIsFollowedAtOnce() {
    bind.replace(HOST, "A", DAY, List.of("10.0.0.1"));
    DnsOptions patient =
        Binds.options(bind).withRefresh(Duration.ofMillis(50), Duration.ofHours(1));

    try (WatchedTarget watch = watch(patient, "dns:///greeter.test:80")) {
      watch.awaitAddresses("10.0.0.1:80");
      bind.replace(HOST, "A", DAY, List.of("10.0.0.2"));
      watch.refresh();
      watch.awaitAddresses("10.0.0.2:80");
    }
  }

  @Test
  void serviceRecordsSayPortNameAndWeight() {
    bind.update(
        "add a.test. 1 A 10.0.0.1",
        "add a.test. 1 AAAA fd00::1",
        "add b.test. 1 A 10.0.0.2",
        "add " + SERVICE + " 1 SRV 10 30 8080 a.test.",
        "add " + SERVICE + " 1 SRV 10 1 9090 b.test.");

    try (WatchedTarget watch = watch(quick, "dns:///_grpc._tcp.greeter.test")) {
      watch.awaitAddresses("10.0.0.1:8080", "[fd00::1]:8080", "10.0.0.2:9090");
      assertEquals(
          new TreeSet<>(
              Set.of(
                  "10.0.0.1:8080 weight=30 name=a.test",
                  "[fd00::1]:8080 weight=30 name=a.test",
                  "10.0.0.2:9090 weight=2 name=b.test")),
          watch.endpoints());
    }
  }

  @Test
  void nextPriorityIsUsedOnlyWhereTheFirstHasNothing() {
    bind.update(
        "add a.test. 1 A 10.0.0.1",
        "add b.test. 1 A 10.0.0.2",
        "add " + SERVICE + " 1 SRV 10 0 80 a.test.",
        "add " + SERVICE + " 1 SRV 20 0 80 b.test.");

    try (WatchedTarget watch = watch(quick, "dns:///greeter.test?srv=grpc")) {
      watch.awaitAddresses("10.0.0.1:80");
      bind.delete("a.test.");
      watch.awaitAddresses("10.0.0.2:80");
      bind.replace("a.test.", "A", 1, List.of("10.0.0.3"));
      watch.awaitAddresses("10.0.0.3:80");
    }
  }

  @Test
  void searchDomainsAreTriedInTurn() {
    bind.replace("greeter.prod.test.", "A", 1, List.of("10.0.0.1"));
    bind.replace("greeter.staging.test.", "A", 1, List.of("10.0.0.2"));
    bind.replace("whole.example.other.example.", "A", 1, List.of("10.0.0.3"));
    DnsOptions searching = quick.withSearch(2, "none.test", "prod.test", "staging.test");

    try (WatchedTarget shortName = watch(searching, "dns:///greeter:80");
        WatchedTarget dotted = watch(searching, "dns:///greeter.staging:80");
        WatchedTarget whole = watch(searching, "dns:///whole.example.other.example:80");
        WatchedTarget absolute = watch(searching, "dns:///greeter.staging.test.:80")) {
      shortName.awaitAddresses("10.0.0.1:80");
      whole.awaitAddresses("10.0.0.3:80");
      absolute.awaitAddresses("10.0.0.2:80");
      dotted.awaitErrors(1);
      assertTrue(dotted.lastError().contains("REFUSED"), dotted.lastError());
    }
  }

  @Test
  void targetMayNameItsServer() {
    bind.replace(HOST, "A", 1, List.of("10.0.0.1"));
    DnsDiscovery discovery =
        new DnsDiscovery(DnsOptions.defaults().withServers("127.0.0.1:1").withSearch(0));

    String target = "dns://" + Binds.address(bind) + "/greeter.test:80";
    try (WatchedTarget watch = WatchedTarget.watch(discovery, target)) {
      watch.awaitAddresses("10.0.0.1:80");
    }
  }

  private static WatchedTarget watch(DnsOptions options, String target) {
    return WatchedTarget.watch(new DnsDiscovery(options), target);
  }

  private static List<String> addresses(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "10.0." + i / 250 + "." + (i % 250 + 1))
        .toList();
  }

  private static String[] withPort(List<String> addresses, int port) {
    return addresses.stream().map(ip -> ip + ":" + port).toArray(String[]::new);
  }
}
