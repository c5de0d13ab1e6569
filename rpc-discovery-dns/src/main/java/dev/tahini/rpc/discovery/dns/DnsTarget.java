package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * What a target asks of DNS. Immutable.
 *
 * @param servers the servers that the target names; empty for the discovery's
 * @param subject whom to look for
 * @param family which addresses count
 */
record DnsTarget(List<InetSocketAddress> servers, Subject subject, Family family) {
  private static final String SRV = "srv";
  private static final String FAMILY = "family";
  private static final Pattern SERVICE =
      Pattern.compile("_[A-Za-z0-9-]{1,62}\\._[A-Za-z0-9-]{1,62}");
  private static final Pattern SERVICE_NAME = Pattern.compile("^_[^.]+\\._[^.]+\\.");
  private static final Pattern PORT_NAME = Pattern.compile("[A-Za-z0-9-]{1,62}");

  /** Whom to look for. */
  sealed interface Subject {

    /** An address, which needs no DNS. */
    record Literal(InetSocketAddress address) implements Subject {}

    /** This machine, which needs no DNS. */
    record Localhost(int port) implements Subject {}

    /** The addresses of a host. */
    record Host(Name name, int port) implements Subject {}

    /** The targets of SRV records. */
    record Service(Name name) implements Subject {}
  }

  DnsTarget {
    servers = List.copyOf(servers);
  }

  /**
   * Reads a target.
   *
   * @throws InvalidValueException if DNS could never serve it
   */
  static DnsTarget of(Target target) {
    Set<String> unknown = new HashSet<>(target.options().keySet());
    unknown.removeAll(Set.of(SRV, FAMILY));
    if (!unknown.isEmpty()) {
      throw new InvalidValueException("options", unknown, "none but srv and family, in " + target);
    }
    Family family = Family.parse(target.options().get(FAMILY));
    Subject subject = subject(target);
    if (subject instanceof Subject.Literal literal && !family.has(literal.address().getAddress())) {
      throw new InvalidValueException(
          FAMILY,
          target.options().get(FAMILY),
          "none, or that of the address " + target.host().host());
    }
    return new DnsTarget(servers(target.authority()), subject, family);
  }

  private static List<InetSocketAddress> servers(String authority) {
    return authority.isEmpty()
        ? List.of()
        : Arrays.stream(authority.split(",", -1)).map(ServerAddress::parse).toList();
  }

  private static Subject subject(Target target) {
    HostPort host = target.host();
    String service = service(target);
    if (service != null) {
      return new Subject.Service(name(service, target));
    }
    if (!host.hasNumericPort()) {
      throw new InvalidValueException(
          "port", "none", "a number, or a name that SRV records have, as host:grpc, in " + target);
    }
    InetAddress literal = ServerAddress.literal(host.host());
    if (literal != null) {
      return new Subject.Literal(new InetSocketAddress(literal, host.portNumber()));
    }
    return host.host().equalsIgnoreCase("localhost")
        ? new Subject.Localhost(host.portNumber())
        : new Subject.Host(name(host.host(), target), host.portNumber());
  }

  /** The name of the SRV records, or null if the target asks for a host. */
  private static @Nullable String service(Target target) {
    HostPort host = target.host();
    String option = target.options().get(SRV);
    if (host.hasNumericPort() && SERVICE_NAME.matcher(host.host()).find()) {
      throw new InvalidValueException(
          "port", host.port(), "none: the SRV records of " + host.host() + " have the ports");
    }
    if (option == null
        && (host.port() == null ? !host.host().startsWith("_") : host.hasNumericPort())) {
      return null;
    }
    if (ServerAddress.literal(host.host()) != null) {
      throw new InvalidValueException(
          "host", host.host(), "a name: an address has no SRV records, in " + target);
    }
    if (option == null) {
      return host.port() == null ? host.host() : "_" + host.port() + "._tcp." + host.host();
    }
    if (host.port() != null) {
      throw new InvalidValueException(
          "port", host.port(), "none beside srv: SRV records have the ports, in " + target);
    }
    if (SERVICE.matcher(option).matches()) {
      return option + "." + host.host();
    }
    if (PORT_NAME.matcher(option).matches()) {
      return "_" + option + "._tcp." + host.host();
    }
    throw new InvalidValueException(SRV, option, "such as _grpc._tcp, or grpc for short");
  }

  private static Name name(String text, Target target) {
    try {
      return Name.fromString(text);
    } catch (TextParseException e) {
      throw new InvalidValueException(
          "host", text, "a name of at most 63 characters between dots, in " + target);
    }
  }
}
