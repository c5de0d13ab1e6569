package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.bind.BindServer;

/** How tests ask a BIND. */
final class Binds {
  private Binds() {}

  /** Options that know this server only, and names as they are. */
  static DnsOptions options(BindServer bind) {
    return DnsOptions.defaults().withServers(address(bind)).withSearch(0);
  }

  static String address(BindServer bind) {
    return "127.0.0.1:" + bind.address().getPort();
  }
}
