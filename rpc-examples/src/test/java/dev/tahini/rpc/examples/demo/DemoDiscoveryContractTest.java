package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.testing.contract.DiscoveryContract;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;

/** The example keeps the contract that it is an example of. */
class DemoDiscoveryContractTest extends DiscoveryContract {

  @Override
  protected Discovery newDiscovery() {
    DemoDiscovery discovery = new DemoDiscovery(InstantSource.system());
    discovery.list(new LinkedHashSet<>(endpoints()));
    return discovery;
  }

  @Override
  protected Target target() {
    return Target.parse("demo:///servers");
  }

  @Override
  protected List<Endpoint> endpoints() {
    return List.of(
        Endpoint.of(new InetSocketAddress("10.0.0.1", 1)),
        Endpoint.of(new InetSocketAddress("10.0.0.2", 1)));
  }
}
