package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.testing.contract.ChangingDiscoveryContract;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.xbill.DNS.Rcode;

/** The contract, over the addresses of a host. */
class DnsDiscoveryContractTest extends ChangingDiscoveryContract {
  private final ScriptedDnsServer server = ScriptedDnsServer.start();
  private final Source source = new ServerSource(server);

  @AfterEach
  void closeServer() {
    server.close();
  }

  @Override
  protected Discovery newDiscovery() {
    return new DnsDiscovery(
        server
            .options()
            .withRefresh(Duration.ofMillis(20), Duration.ofMillis(50))
            .withEmptyAfter(2, Duration.ofMillis(20))
            .withTimeout(Duration.ofMillis(200), 1));
  }

  @Override
  protected Target target() {
    return Target.parse("dns:///greeter.test:80");
  }

  @Override
  protected List<Target> badTargets() {
    List<Target> bad = new ArrayList<>(super.badTargets());
    for (String text : DnsTargetTest.BAD_TARGETS) {
      bad.add(Target.parse(text));
    }
    return bad;
  }

  @Override
  protected boolean isOfTheSource(Thread thread) {
    return thread.getName().startsWith(ScriptedDnsServer.THREADS);
  }

  @Override
  protected Source source() {
    return source;
  }

  /** The server as the contract changes it. */
  private static final class ServerSource implements Source {
    private List<String> lines = List.of();
    private final ScriptedDnsServer server;

    ServerSource(ScriptedDnsServer server) {
      this.server = server;
    }

    @Override
    public void list(List<Endpoint> endpoints) {
      lines =
          endpoints.stream()
              .map(each -> ((InetSocketAddress) each.address()).getAddress().getHostAddress())
              .map(ip -> "greeter.test. 0 A " + ip)
              .toList();
      recover();
    }

    @Override
    public void fail() {
      server.answer((query, overTcp) -> Replies.rcode(query, Rcode.SERVFAIL));
    }

    @Override
    public void recover() {
      server.answer(ScriptedZone.of(lines.toArray(String[]::new)));
    }

    @Override
    public void hang() {
      server.answer((query, overTcp) -> null);
    }
  }
}
