package dev.tahini.rpc.discovery.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.hosts.HostsFileParser;

/** The system's own list of hosts, which goes before DNS. Thread-safe, by its monitor. */
final class HostsFile {
  private static final Logger logger = LoggerFactory.getLogger(HostsFile.class);

  private final HostsFileParser parser;

  HostsFile(HostsFileParser parser) {
    this.parser = parser;
  }

  /** The addresses of a host, of at most one for each type; null if the file has none. */
  synchronized @Nullable Resolved<InetAddress> lookUp(Name name, Family family) {
    List<InetAddress> addresses = new ArrayList<>();
    try {
      Name absolute = name.isAbsolute() ? name : Name.concatenate(name, Name.root);
      for (int type : family.types()) {
        // The library takes upper and lower case for different names; files mostly have the lower.
        parser.getAddressForHost(absolute.canonicalize(), type).ifPresent(addresses::add);
      }
    } catch (NameTooLongException tooLongForAnyFile) {
      return null;
    } catch (IOException e) {
      logger.debug("the hosts file is not read", e);
    }
    return addresses.isEmpty() ? null : Resolved.found(List.copyOf(addresses), Long.MAX_VALUE);
  }
}
