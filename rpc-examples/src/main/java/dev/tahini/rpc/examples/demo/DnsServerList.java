package dev.tahini.rpc.examples.demo;

import com.google.inject.Module;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.bind.BindServer;
import dev.tahini.rpc.discovery.dns.DnsDiscoveryModule;
import dev.tahini.rpc.discovery.dns.DnsOptions;
import java.util.List;

/**
 * The list in a DNS zone, on a BIND of its own: clients see a change when they ask again, which is
 * after its TTL. Confined to one thread; BIND ends with this program, be it by a signal.
 */
final class DnsServerList implements ServerList {
  private static final String ZONE = "demo.test";
  private static final int TTL_SECONDS = 1;

  private final ServerZone zone = new ServerZone(ZONE, TTL_SECONDS);
  private final BindServer bind;

  private DnsServerList(BindServer bind) {
    this.bind = bind;
  }

  /**
   * Starts BIND, with an empty zone.
   *
   * @throws InvalidValueException if BIND is not installed
   */
  static DnsServerList start() {
    require(BindServer.missing().isEmpty());
    return new DnsServerList(BindServer.start(ZONE));
  }

  static void require(boolean isInstalled) {
    if (!isInstalled) {
      throw new InvalidValueException(
          "--discovery", "dns", "demo, or BIND 9 installed: Debian's bind9 and bind9-dnsutils");
    }
  }

  @Override
  public Target target() {
    return Target.parse("dns:///" + zone.service());
  }

  @Override
  public Module discovery() {
    return new DnsDiscoveryModule(DnsOptions.defaults().withServers(server()).withSearch(0));
  }

  @Override
  public String place() {
    return "in the zone %s of a BIND at %s, TTL %d s".formatted(ZONE, server(), TTL_SECONDS);
  }

  @Override
  public void list(List<String> addresses) {
    bind.update(zone.list(addresses).toArray(String[]::new));
  }

  private String server() {
    return bind.address().getAddress().getHostAddress() + ":" + bind.address().getPort();
  }

  @Override
  public void close() {
    bind.close();
  }
}
