package dev.tahini.rpc;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and the port on it, as a {@link Target} names them. Immutable.
 *
 * @param host a host name, an IPv4 address, or an IPv6 address without brackets
 * @param port a number from 1 to 65535, the name of a port such as {@code "grpc"}, or null where
 *     the target names none
 */
public record HostPort(String host, @Nullable String port) {
  private static final String EXPECTED = "host, host:port or [ipv6]:port, port a number or a name";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");
  private static final Pattern ZONE = Pattern.compile("[^%]*(%[A-Za-z0-9_.-]+)?");
  private static final Pattern PORT_NAME =
      Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

  /**
   * Checks the parts.
   *
   * @throws InvalidValueException if the host or the port is not one
   */
  public HostPort {
    boolean wellFormed =
        host.contains(":")
            ? ZONE.matcher(host).matches() && AddressText.isIpv6Literal(host)
            : NAME.matcher(host).matches();
    if (!wellFormed) {
      throw new InvalidValueException("host", host, "a host name or an IP address");
    }
    if (port != null && !isPort(port)) {
      throw new InvalidValueException("port", port, "a number from 1 to 65535, or a port's name");
    }
  }

  /**
   * Reads {@code host}, {@code host:port} or {@code [ipv6]:port}.
   *
   * @param text what to read
   * @return its parts
   * @throws InvalidValueException naming the text if it has another form
   */
  public static HostPort parse(String text) {
    int afterHost = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
    if (text.startsWith("[") && afterHost == 0) {
      throw new InvalidValueException("address", text, EXPECTED);
    }
    if (afterHost < 0) {
      afterHost = text.length();
    }
    String host =
        text.startsWith("[") ? text.substring(1, afterHost - 1) : text.substring(0, afterHost);
    String rest = text.substring(afterHost);
    if (!rest.isEmpty() && (rest.charAt(0) != ':' || rest.length() == 1)) {
      throw new InvalidValueException("address", text, EXPECTED);
    }
    if (text.startsWith("[") && !host.contains(":")) {
      throw new InvalidValueException("address", text, EXPECTED);
    }
    return new HostPort(host, rest.isEmpty() ? null : rest.substring(1));
  }

  /**
   * Tells whether the port is given as a number.
   *
   * @return false if the port is a name or absent
   */
  public boolean hasNumericPort() {
    return port != null && NUMBER.matcher(port).matches();
  }

  /**
   * The port's number.
   *
   * @return 1 to 65535
   * @throws InvalidValueException if the port is a name or absent
   */
  public int portNumber() {
    if (port == null || !hasNumericPort()) {
      throw new InvalidValueException("port", port, "a number from 1 to 65535");
    }
    return Integer.parseInt(port);
  }

  private static boolean isPort(String port) {
    return NUMBER.matcher(port).matches()
        ? Integer.parseInt(port) <= 65535
        : PORT_NAME.matcher(port).matches();
  }

  /**
   * The text that {@link #parse} reads: IPv6 addresses in brackets, the port where there is one.
   */
  @Override
  public String toString() {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    return port == null ? bracketed : bracketed + ":" + port;
  }
}
