package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.apiserver.FakeEndpoint;
import dev.tahini.rpc.apiserver.FakeSlice;
import dev.tahini.rpc.testing.contract.ChangingDiscoveryContract;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract, over a slice of a service. */
class KubernetesDiscoveryContractTest extends ChangingDiscoveryContract {
  private final FakeApiServer server = FakeApiServer.start();
  private final Source source = new ServerSource(server);

  @AfterEach
  void closeServer() {
    server.close();
  }

  @Override
  protected Discovery newDiscovery() {
    return new KubernetesDiscovery(
        KubernetesOptions.defaults()
            .withServer(server.uri())
            .withDebounce(Duration.ofMillis(5))
            .withIdleLimit(Duration.ofSeconds(1))
            .withBackoff(Duration.ofMillis(1), Duration.ofMillis(50)));
  }

  @Override
  protected Target target() {
    return Target.parse("k8s:///greeter.prod:grpc");
  }

  @Override
  protected List<Target> badTargets() {
    List<Target> bad = new ArrayList<>(super.badTargets());
    KubernetesTargetTest.BAD_TARGETS.forEach(text -> bad.add(Target.parse(text)));
    return bad;
  }

  /** What a pod has beyond its address. */
  @Override
  protected Endpoint endpoint(int number) {
    return super.endpoint(number)
        .withName("greeter-" + number)
        .withZone("z" + number % 3)
        .withAttribute("node", "n" + number % 5);
  }

  /** The HTTP client's own thread ends when the client is collected. */
  @Override
  protected void letTimePass() {
    System.gc();
  }

  @Override
  protected boolean isOfTheSource(Thread thread) {
    return thread.getName().startsWith("apiserver-");
  }

  @Override
  protected Source source() {
    return source;
  }

  /** The server as the contract changes it. */
  private static final class ServerSource implements Source {
    private final FakeApiServer server;

    ServerSource(FakeApiServer server) {
      this.server = server;
    }

    @Override
    public void list(List<Endpoint> endpoints) {
      recover();
      server.put(
          FakeSlice.of("prod", "greeter", "greeter-a")
              .port("grpc", 80)
              .endpoints(endpoints.stream().map(ServerSource::endpoint).toList()));
    }

    private static FakeEndpoint endpoint(Endpoint endpoint) {
      return FakeEndpoint.of(((InetSocketAddress) endpoint.address()).getAddress().getHostAddress())
          .ready(true)
          .zone(endpoint.zone())
          .node(endpoint.attributes().get("node"))
          .pod(endpoint.name());
    }

    @Override
    public void fail() {
      server.kill();
    }

    @Override
    public void recover() {
      server.faults().lift();
      server.restart();
    }

    @Override
    public void hang() {
      server.faults().stall();
    }
  }
}
