package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.bind.BindServer;
import dev.tahini.rpc.bind.RequiresBind;
import dev.tahini.rpc.testing.contract.ChangingDiscoveryContract;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** The contract, over the SRV records of a BIND that is changed, killed and paused. */
@RequiresBind
class BindDiscoveryContractTest extends ChangingDiscoveryContract {
  private static final String SERVICE = "_grpc._tcp.greeter.test.";

  private final BindServer bind = BindServer.start("test");
  private final Source source = new BindSource(bind);

  @AfterEach
  void closeServer() {
    bind.close();
  }

  @Override
  protected Discovery newDiscovery() {
    bind.update(
        IntStream.range(0, 100)
            .mapToObj(i -> "add " + host(i) + " 0 A 10.0.0." + (i + 1))
            .toArray(String[]::new));
    return new DnsDiscovery(
        Binds.options(bind)
            .withRefresh(Duration.ofMillis(20), Duration.ofMillis(50))
            .withEmptyAfter(2, Duration.ofMillis(20))
            .withTimeout(Duration.ofMillis(500), 1));
  }

  @Override
  protected Target target() {
    return Target.parse("dns:///greeter.test:grpc?family=v4");
  }

  /** What SRV records say, too: the host is the name, and there is a weight. */
  @Override
  protected Endpoint endpoint(int number) {
    String host = host(number);
    return super.endpoint(number)
        .withName(host.substring(0, host.length() - 1))
        .withWeight(number + 1);
  }

  private static String host(int number) {
    return "pod-" + number + ".test.";
  }

  @Override
  protected Source source() {
    return source;
  }

  /** The server as the contract changes it. */
  private static final class BindSource implements Source {
    private final BindServer bind;
    private boolean paused;

    BindSource(BindServer bind) {
      this.bind = bind;
    }

    @Override
    public void list(List<Endpoint> endpoints) {
      recover();
      bind.replace(
          SERVICE,
          "SRV",
          0,
          endpoints.stream()
              .map(each -> "0 %d 80 %s.".formatted(each.weight(), each.name()))
              .toList());
    }

    @Override
    public void fail() {
      bind.kill();
    }

    @Override
    public void recover() {
      if (paused) {
        bind.resume();
        paused = false;
      }
      if (!bind.isRunning()) {
        bind.restart();
      }
    }

    @Override
    public void hang() {
      bind.pause();
      paused = true;
    }
  }
}
