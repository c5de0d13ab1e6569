package dev.tahini.rpc.discovery.dns;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.xbill.DNS.hosts.HostsFileParser;

/**
 * Endpoints from DNS, asked for again when the time of the answer is up: {@code
 * dns:///greeter.prod:8080} for the addresses of a host, {@code dns:///greeter.prod:grpc} or {@code
 * dns:///_grpc._tcp.greeter.prod} for the targets of SRV records. {@code docs/discovery.md} has the
 * options, and what happens in each failure.
 *
 * <p>Thread-safe. As long as anybody watches there is one thread for all sockets; timers are the
 * time source's.
 */
public final class DnsDiscovery implements Discovery {
  private static final String SCHEME = "dns";
  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

  private final DnsOptions options;
  private final TimeSource time;
  private final Supplier<? extends RandomGenerator> random;
  private final SharedTransport transport = new SharedTransport();
  private final QueryCounts counts = new QueryCounts();
  private final Lookups lookups;

  /** With the system's servers, and every option as it is unless said otherwise. */
  public DnsDiscovery() {
    this(DnsOptions.defaults());
  }

  /**
   * With options.
   *
   * @param options whom to ask, how often, and whom to believe
   */
  public DnsDiscovery(DnsOptions options) {
    this(options, TimeSource.system());
  }

  /**
   * With time of the caller's.
   *
   * @param options whom to ask, how often, and whom to believe
   * @param time tells when to ask again; how long a server may take is always real time
   */
  public DnsDiscovery(DnsOptions options, TimeSource time) {
    this(options, time, ThreadLocalRandom::current);
  }

  /**
   * With time and chance of the caller's.
   *
   * @param options whom to ask, how often, and whom to believe
   * @param time tells when to ask again; how long a server may take is always real time
   * @param random for the jitter of that
   */
  public DnsDiscovery(
      DnsOptions options, TimeSource time, Supplier<? extends RandomGenerator> random) {
    this.options = requireNonNull(options, "options");
    this.time = requireNonNull(time, "time");
    this.random = requireNonNull(random, "random");
    this.lookups =
        new Lookups(
            options,
            new SystemConfig(RESOLV_CONF),
            new HostsFile(new HostsFileParser()),
            address -> new DnsServer(address, transport, options.timeout(), counts));
  }

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public void check(Target target) {
    DnsTarget.of(target);
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    requireNonNull(listener, "listener");
    EndpointLookup lookup = lookups.of(DnsTarget.of(target));
    transport.acquire();
    DnsWatch watch =
        new DnsWatch(target, lookup, listener, options, time, random, transport::release);
    watch.start();
    return watch;
  }

  /**
   * What became of the queries so far.
   *
   * @return counts since this discovery was made
   */
  public DnsStatistics statistics() {
    return counts.snapshot();
  }
}
