package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a DNS zone says of the servers: an SRV record for each port, an A record for each host. A
 * server keeps the name that it got when it was first listed. Confined to one thread.
 */
final class ServerZone {
  private final Map<String, String> hosts = new LinkedHashMap<>();
  private final String zone;
  private final int ttlSeconds;

  ServerZone(String zone, int ttlSeconds) {
    this.zone = zone;
    this.ttlSeconds = ttlSeconds;
  }

  /** What to ask for: the port's name stands for SRV records. */
  String service() {
    return "servers." + zone + ":grpc";
  }

  /**
   * Lists servers in place of those before.
   *
   * @param addresses as {@code host:port}, the host an IPv4 address
   * @return the dynamic update, as lines of {@code nsupdate}
   */
  List<String> list(List<String> addresses) {
    String service = "_grpc._tcp.servers." + zone + ".";
    List<String> lines = new ArrayList<>();
    lines.add("delete " + service + " SRV");
    hosts.values().forEach(host -> lines.add("delete " + host + " A"));
    for (String address : addresses) {
      HostPort at = HostPort.parse(address);
      String host = hosts.computeIfAbsent(address, added -> nextHost());
      lines.add("add %s %d A %s".formatted(host, ttlSeconds, at.host()));
      lines.add("add %s %d SRV 0 10 %d %s".formatted(service, ttlSeconds, at.portNumber(), host));
    }
    return lines;
  }

  private String nextHost() {
    return "server-" + (hosts.size() + 1) + "." + zone + ".";
  }
}
