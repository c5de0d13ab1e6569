package dev.tahini.rpc.tests.dns;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.bind.BindServer;
import dev.tahini.rpc.bind.RequiresBind;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.discovery.dns.DnsDiscovery;
import dev.tahini.rpc.discovery.dns.DnsOptions;
import dev.tahini.rpc.tests.Await;
import dev.tahini.rpc.tests.ClosedLoop;
import dev.tahini.rpc.tests.ProbeServers;
import dev.tahini.rpc.tests.v1.ProbeGrpc;
import dev.tahini.rpc.tests.v1.ProbeGrpc.ProbeBlockingStub;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Records change while calls go on: not one fails, and those that were listed last get the calls.
 * Servers that are listed no more end as soon as the client has seen that.
 */
@RequiresBind
class RecordsUnderLoadTest {
  private static final int CONCURRENCY = 20;
  private static final int CALLS = 500;
  private static final String HOST = "probe.test.";

  private final BindServer bind = BindServer.start("test");

  @AfterEach
  void closeServer() {
    bind.close();
  }

  @Test
  void changesOfAddressRecordsLoseNoCall() {
    List<String> all = List.of("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5");
    try (ProbeServers servers = ProbeServers.start(all.toArray(String[]::new))) {
      bind.replace(HOST, "A", 0, all.subList(0, 2));
      try (RpcClient<ProbeBlockingStub> client = client(HOST + ":" + servers.port());
          ClosedLoop calls = calls(client)) {
        for (int i = 0; i < all.size(); i++) {
          List<String> next = List.of(all.get((i + 1) % 4), all.get((i + 2) % 4));
          bind.replace(HOST, "A", 0, next);
          awaitListed(client, withPort(next, servers.port()));
          calls.awaitMore(CALLS);
        }
        bind.replace(HOST, "A", 0, List.of("127.0.0.5"));
        awaitListed(client, Set.of("127.0.0.5:" + servers.port()));
        all.subList(0, 3).forEach(servers::drain);
        calls.awaitMore(CALLS);
        calls.stopWithoutFailure();
      }
    }
  }

  @Test
  void changesOfBothFamiliesLoseNoCall() throws IOException {
    assumeTrue(hasIpv6(), "this machine has no IPv6 on its loopback");
    try (ProbeServers servers = ProbeServers.start("127.0.0.2", "::1")) {
      int port = servers.port();
      bind.replace(HOST, "A", 0, List.of("127.0.0.2"));
      try (RpcClient<ProbeBlockingStub> client = client(HOST + ":" + port);
          ClosedLoop calls = calls(client)) {
        for (int i = 0; i < 3; i++) {
          bind.replace(HOST, "AAAA", 0, List.of("::1"));
          awaitListed(client, Set.of("127.0.0.2:" + port, "[::1]:" + port));
          calls.awaitMore(CALLS);
          bind.replace(HOST, "A", 0, List.of());
          awaitListed(client, Set.of("[::1]:" + port));
          calls.awaitMore(CALLS);
          bind.update("add " + HOST + " 0 A 127.0.0.2", "delete " + HOST + " AAAA");
          awaitListed(client, Set.of("127.0.0.2:" + port));
          calls.awaitMore(CALLS);
        }
        calls.stopWithoutFailure();
      }
    }
  }

  @Test
  void changesOfServiceRecordsLoseNoCall() {
    try (ProbeServers one = ProbeServers.start("127.0.0.1");
        ProbeServers other = ProbeServers.start("127.0.0.1")) {
      bind.replace("a.test.", "A", 0, List.of("127.0.0.1"));
      List<ProbeServers> servers = List.of(one, other);
      list(one);
      try (RpcClient<ProbeBlockingStub> client = client("probe.test:grpc");
          ClosedLoop calls = calls(client)) {
        for (int i = 1; i < 6; i++) {
          ProbeServers next = servers.get(i % 2);
          list(next);
          awaitListed(client, Set.of("127.0.0.1:" + next.port()));
          calls.awaitMore(CALLS);
        }
        one.drain("127.0.0.1");
        calls.awaitMore(CALLS);
        calls.stopWithoutFailure();
      }
    }
  }

  @Test
  void failuresOfTheServerLoseNoCall() {
    try (ProbeServers servers = ProbeServers.start("127.0.0.2", "127.0.0.3")) {
      bind.replace(HOST, "A", 0, List.of("127.0.0.2"));
      try (RpcClient<ProbeBlockingStub> client = client(HOST + ":" + servers.port());
          ClosedLoop calls = calls(client)) {
        calls.awaitMore(CALLS);
        bind.kill();
        Await.until(
            () -> "the failure to be seen: " + client.view().snapshot(),
            () -> client.view().snapshot().lastError() != null);
        calls.awaitMore(CALLS);
        bind.restart();
        bind.delete(HOST);
        calls.awaitMore(CALLS);
        bind.replace(HOST, "A", 0, List.of("127.0.0.3"));
        awaitListed(client, Set.of("127.0.0.3:" + servers.port()));
        calls.awaitMore(CALLS);
        calls.stopWithoutFailure();
      }
    }
  }

  private void list(ProbeServers servers) {
    bind.replace("_grpc._tcp.probe.test.", "SRV", 0, List.of("0 0 " + servers.port() + " a.test."));
  }

  /** Asks often, so that a change is soon seen; all else is as users have it. */
  private RpcClient<ProbeBlockingStub> client(String target) {
    DnsOptions options =
        DnsOptions.defaults()
            .withServers("127.0.0.1:" + bind.address().getPort())
            .withSearch(0)
            .withRefresh(Duration.ofMillis(50), Duration.ofMillis(200));
    return RpcClient.builder("dns:///" + target, ProbeGrpc::newBlockingStub)
        .discovery(new DnsDiscovery(options))
        .plaintext()
        .build();
  }

  private static ClosedLoop calls(RpcClient<?> client) {
    ClosedLoop calls = ClosedLoop.start(client.channel(), CONCURRENCY, i -> Pick.leastLoaded());
    calls.awaitMore(CALLS);
    return calls;
  }

  private static void awaitListed(RpcClient<?> client, Set<String> addresses) {
    Await.until(
        () -> "the list " + addresses + "; it is " + listed(client),
        () -> listed(client).equals(addresses));
  }

  private static Set<String> listed(RpcClient<?> client) {
    return client.view().snapshot().backends().stream()
        .map(backend -> backend.endpoint().addressText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> withPort(List<String> addresses, int port) {
    return addresses.stream().map(ip -> ip + ":" + port).collect(Collectors.toSet());
  }

  private static boolean hasIpv6() throws IOException {
    for (InetAddress loopback : InetAddress.getAllByName("::1")) {
      try (ServerSocket probe = new ServerSocket(0, 1, loopback)) {
        return probe.isBound() && loopback instanceof Inet6Address;
      } catch (IOException none) {
        return false;
      }
    }
    return false;
  }
}
