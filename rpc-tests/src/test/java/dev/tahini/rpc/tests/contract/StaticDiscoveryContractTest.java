package dev.tahini.rpc.tests.contract;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.StaticDiscovery;
import dev.tahini.rpc.testing.contract.DiscoveryContract;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A target that lists its endpoints itself. */
class StaticDiscoveryContractTest extends DiscoveryContract {

  @Override
  protected Discovery newDiscovery() {
    return new StaticDiscovery();
  }

  @Override
  protected Target target() {
    return Target.parse("static:///10.0.0.1:80,[2001:db8::1]:81");
  }

  @Override
  protected List<Endpoint> endpoints() {
    return List.of(
        Endpoint.of(new InetSocketAddress("10.0.0.1", 80)),
        Endpoint.of(new InetSocketAddress("2001:db8::1", 81)));
  }

  @Override
  protected List<Target> badTargets() {
    List<Target> bad = new ArrayList<>(super.badTargets());
    bad.add(Target.parse("static:///10.0.0.1"));
    bad.add(Target.parse("static:///10.0.0.1:80,10.0.0.2:grpc"));
    bad.add(Target.parse("static://authority/10.0.0.1:80"));
    bad.add(Target.parse("greeter.prod:grpc"));
    return bad;
  }
}
