package dev.tahini.rpc.examples.demo;

import static java.util.stream.Collectors.toCollection;

import com.google.inject.Module;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.Target;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;

/** The list in the demo's own discovery: clients see a change at once. Confined to one thread. */
final class DemoServerList implements ServerList {
  private static final Target TARGET = Target.parse(DemoDiscovery.SCHEME + ":///servers");

  private final DemoDiscovery discovery = new DemoDiscovery(InstantSource.system());

  @Override
  public Target target() {
    return TARGET;
  }

  @Override
  public Module discovery() {
    return new DemoDiscoveryModule(discovery);
  }

  @Override
  public String place() {
    return "in a field of this program";
  }

  @Override
  public void list(List<String> addresses) {
    discovery.list(
        addresses.stream().map(DemoServerList::endpoint).collect(toCollection(LinkedHashSet::new)));
  }

  private static Endpoint endpoint(String address) {
    HostPort at = HostPort.parse(address);
    return Endpoint.of(new InetSocketAddress(at.host(), at.portNumber()));
  }

  @Override
  public void close() {
    // It goes with the program.
  }
}
