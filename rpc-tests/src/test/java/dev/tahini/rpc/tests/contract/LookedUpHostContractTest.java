package dev.tahini.rpc.tests.contract;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.StaticDiscovery;
import dev.tahini.rpc.testing.contract.DiscoveryContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** A host that the JVM looks up, on threads of the discovery's own. */
class LookedUpHostContractTest extends DiscoveryContract {
  /** Upper case, or it would be known without a look-up. */
  private static final String HOST = "LOCALHOST";

  @Override
  protected Discovery newDiscovery() {
    return new StaticDiscovery();
  }

  @Override
  protected Target target() {
    return Target.parse("static:///" + HOST + ":80");
  }

  @Override
  protected List<Endpoint> endpoints() {
    try {
      return Arrays.stream(InetAddress.getAllByName(HOST))
          .map(ip -> Endpoint.of(new InetSocketAddress(ip, 80)))
          .toList();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
