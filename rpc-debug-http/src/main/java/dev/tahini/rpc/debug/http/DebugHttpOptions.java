package dev.tahini.rpc.debug.http;

import static java.util.Objects.requireNonNull;

import com.google.common.net.InetAddresses;
import com.google.common.net.InternetDomainName;
import dev.tahini.rpc.InvalidValueException;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Where the page listens, and who may see it. Immutable: the {@code with} methods return a changed
 * copy.
 *
 * @param address where the server listens
 * @param hosts names that may stand in a request's {@code Host} header, beside {@code localhost}
 *     and IP addresses, which are always answered: against DNS rebinding
 * @param access who may see what
 */
public record DebugHttpOptions(InetSocketAddress address, Set<String> hosts, AccessPolicy access) {

  /** The port unless another is said. */
  public static final int DEFAULT_PORT = 8095;

  /**
   * Checks and copies the parts.
   *
   * @throws InvalidValueException if the address is not resolved, or a host is no name
   */
  public DebugHttpOptions {
    if (requireNonNull(address, "address").isUnresolved()) {
      throw new InvalidValueException("address", address, "an IP address and a port");
    }
    hosts = Set.copyOf(hosts);
    for (String host : hosts) {
      if (!InternetDomainName.isValid(host)) {
        throw new InvalidValueException("host", host, "a name such as debug.example, without port");
      }
    }
    requireNonNull(access, "access");
  }

  /**
   * 127.0.0.1, port {@value #DEFAULT_PORT}, for who asks from this machine.
   *
   * @return the options
   */
  public static DebugHttpOptions defaults() {
    return new DebugHttpOptions(
        new InetSocketAddress(InetAddresses.forString("127.0.0.1"), DEFAULT_PORT),
        Set.of(),
        AccessPolicy.loopbackOnly());
  }

  /**
   * The same address with another port.
   *
   * @param port 0 for any that is free; {@link DebugHttpServer#address()} then tells which
   * @return the changed copy
   * @throws InvalidValueException if it is no port
   */
  public DebugHttpOptions withPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new InvalidValueException("port", port, "0 to 65535");
    }
    return withAddress(new InetSocketAddress(address.getAddress(), port));
  }

  /**
   * Another address. On any but a loopback address, say who may see the page, too: {@link
   * #withAccess}.
   *
   * @param address such as 0.0.0.0:8095 for all of this machine's
   * @return the changed copy
   * @throws InvalidValueException if it is not resolved
   */
  public DebugHttpOptions withAddress(InetSocketAddress address) {
    return new DebugHttpOptions(address, hosts, access);
  }

  /**
   * Names under which the page is asked for.
   *
   * @param hosts in place of those before; without ports
   * @return the changed copy
   * @throws InvalidValueException if one is no name
   */
  public DebugHttpOptions withHosts(Set<String> hosts) {
    return new DebugHttpOptions(address, hosts, access);
  }

  /**
   * Who may see what.
   *
   * @param access in place of the one before
   * @return the changed copy
   */
  public DebugHttpOptions withAccess(AccessPolicy access) {
    return new DebugHttpOptions(address, hosts, access);
  }
}
