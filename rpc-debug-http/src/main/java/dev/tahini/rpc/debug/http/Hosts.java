package dev.tahini.rpc.debug.http;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which {@code Host} headers are answered. A site whose name is made to lead here (DNS rebinding)
 * sends its own name; an IP address cannot be made to lead elsewhere, so that all of them are safe.
 */
final class Hosts {
  private final Set<String> names;

  Hosts(Set<String> names) {
    this.names =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  boolean allow(String header) {
    String host;
    try {
      host = HostAndPort.fromString(header).getHost().toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return host.equals("localhost") || names.contains(host) || InetAddresses.isInetAddress(host);
  }
}
