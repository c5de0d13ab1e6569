package dev.tahini.rpc.discovery.dns;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.config.ResolvConfResolverConfigProvider;

/**
 * What {@code resolv.conf} says, read again when it changes, as when a laptop joins another
 * network. Where there is no such file, what the DNS library finds out about the system, once.
 * Thread-safe.
 */
final class SystemConfig implements Supplier<DnsConfig> {
  private static final Logger logger = LoggerFactory.getLogger(SystemConfig.class);

  private final Path file;
  private volatile @Nullable Loaded loaded;

  private record Loaded(@Nullable FileTime modified, DnsConfig config) {}

  SystemConfig(Path file) {
    this.file = file;
  }

  @Override
  public DnsConfig get() {
    Loaded last = loaded;
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      if (last == null || !modified.equals(last.modified())) {
        last = new Loaded(modified, read());
        loaded = last;
      }
    } catch (IOException e) {
      if (last == null) {
        logger.debug("{} is not read: {}", file, e.toString());
        last = new Loaded(null, ofLibrary());
        loaded = last;
      }
    }
    return last.config();
  }

  private DnsConfig read() throws IOException {
    ResolvConf parsed = new ResolvConf();
    try (InputStream in = Files.newInputStream(file)) {
      parsed.parse(in);
    } catch (RuntimeException e) { // the library's way to say that a line has no value
      throw new IOException("malformed", e);
    }
    List<InetSocketAddress> servers = parsed.servers();
    InetSocketAddress thisMachine =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), SimpleResolver.DEFAULT_PORT);
    return new DnsConfig(
        servers.isEmpty() ? List.of(thisMachine) : servers,
        new SearchList(parsed.searchPaths(), parsed.ndots()));
  }

  private static DnsConfig ofLibrary() {
    ResolverConfig config = ResolverConfig.getCurrentConfig();
    return new DnsConfig(config.servers(), new SearchList(config.searchPath(), config.ndots()));
  }

  /** The library's parser, with a file of our choice. */
  private static final class ResolvConf extends ResolvConfResolverConfigProvider {
    void parse(InputStream in) throws IOException {
      parseResolvConf(in);
    }
  }
}
