package dev.tahini.rpc.tests.contract;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.StaticDiscovery;
import dev.tahini.rpc.testing.contract.DiscoveryContract;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table of names for targets without a scheme. */
class NamesDiscoveryContractTest extends DiscoveryContract {

  @Override
  protected Discovery newDiscovery() {
    return new StaticDiscovery(Map.of("greeter.prod:grpc", "10.0.0.1:80,10.0.0.2:80"));
  }

  @Override
  protected Target target() {
    return Target.parse("greeter.prod:grpc");
  }

  @Override
  protected List<Endpoint> endpoints() {
    return List.of(
        Endpoint.of(new InetSocketAddress("10.0.0.2", 80)),
        Endpoint.of(new InetSocketAddress("10.0.0.1", 80)));
  }

  @Override
  protected List<Target> badTargets() {
    List<Target> bad = new ArrayList<>(super.badTargets());
    bad.add(Target.parse("nobody.prod:grpc"));
    return bad;
  }
}
