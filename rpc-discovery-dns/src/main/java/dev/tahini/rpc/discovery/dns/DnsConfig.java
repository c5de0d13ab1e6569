package dev.tahini.rpc.discovery.dns;

import java.net.InetSocketAddress;
import java.util.List;

/** Whom to ask, and for which names. Immutable. */
record DnsConfig(List<InetSocketAddress> servers, SearchList search) {

  DnsConfig {
    servers = List.copyOf(servers);
  }
}
