package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.InvalidValueException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Address;
import org.xbill.DNS.SimpleResolver;

/** Reads addresses that need no DNS. */
final class ServerAddress {
  private static final String EXPECTED = "ip or ip:port of a DNS server, IPv6 in brackets";

  private ServerAddress() {}

  static InetSocketAddress parse(String text) {
    HostPort server;
    try {
      server = HostPort.parse(text);
    } catch (InvalidValueException e) {
      throw new InvalidValueException("DNS server", text, EXPECTED, e);
    }
    InetAddress ip = literal(server.host());
    if (ip == null || (server.port() != null && !server.hasNumericPort())) {
      throw new InvalidValueException("DNS server", text, EXPECTED);
    }
    return new InetSocketAddress(
        ip, server.port() == null ? SimpleResolver.DEFAULT_PORT : server.portNumber());
  }

  /** The address that a host is, or null if it is a name. */
  static @Nullable InetAddress literal(String host) {
    if (!host.contains(":") && !Address.isDottedQuad(host)) {
      return null;
    }
    try {
      return InetAddress.getByName(host); // asks nobody about a literal
    } catch (UnknownHostException e) {
      throw new InvalidValueException("host", host, "an IP address, its zone one of this machine");
    }
  }
}
