package dev.tahini.rpc;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one way an address is written: {@code ip:port}, IPv6 in brackets and as RFC 5952 has it. Keys
 * of a shard map and {@link Pick#address} depend on it, so it never follows {@code toString()} of
 * {@code java.net}.
 */
final class AddressText {
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");

  private AddressText() {}

  static String of(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet)) {
      return address.toString();
    }
    InetAddress ip = inet.getAddress();
    String host = ip == null ? inet.getHostString() : of(ip);
    return bracketed(host) + ":" + inet.getPort();
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** The text that {@link #of(SocketAddress)} gives for what the user wrote. */
  static String canonical(String address) {
    if (!address.startsWith("[")) {
      return address;
    }
    int end = address.indexOf(']');
    if (end < 0) {
      return address;
    }
    int zone = address.indexOf('%');
    int ipEnd = zone > 0 && zone < end ? zone : end;
    InetAddress ip = parseIpv6(address.substring(1, ipEnd));
    return ip == null
        ? address
        : bracketed(of(ip) + address.substring(ipEnd, end)) + address.substring(end + 1);
  }

  static boolean isIpv6Literal(String host) {
    int zone = host.indexOf('%');
    return parseIpv6(zone < 0 ? host : host.substring(0, zone)) != null;
  }

  /** An IPv4-mapped address gives the IPv4 address that it stands for, as everywhere in Java. */
  private static @Nullable InetAddress parseIpv6(String literal) {
    // What passes is a literal for InetAddress as well, or an error: it never asks DNS.
    if (!IPV6.matcher(literal).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException notAnAddress) {
      return null;
    }
  }

  private static String of(InetAddress ip) {
    if (!(ip instanceof Inet6Address inet6)) {
      return ip.getHostAddress();
    }
    String full = inet6.getHostAddress();
    int zone = full.indexOf('%');
    return compressed(inet6.getAddress()) + (zone < 0 ? "" : full.substring(zone));
  }

  /**
   * RFC 5952: hex groups without leading zeros, the first longest run of two or more zeros as ::.
   */
  private static String compressed(byte[] ip) {
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int length = zeroGroupsFrom(ip, i);
      if (length > runLength) {
        runStart = i;
        runLength = length;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
      } else {
        if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(group(ip, i)));
      }
    }
    return text.toString();
  }

  private static int zeroGroupsFrom(byte[] ip, int start) {
    int end = start;
    while (end < 8 && group(ip, end) == 0) {
      end++;
    }
    return end - start;
  }

  private static int group(byte[] ip, int index) {
    return ((ip[2 * index] & 0xff) << 8) | (ip[2 * index + 1] & 0xff);
  }
}
