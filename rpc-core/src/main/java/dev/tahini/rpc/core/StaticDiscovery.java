package dev.tahini.rpc.core;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A fixed list: of the target itself, {@code static:///10.0.0.1:80,10.0.0.2:80}, or of a table of
 * names, for a laptop that stands in for a cluster: {@code greeter.prod:grpc} is {@code
 * 127.0.0.1:50051}.
 *
 * <p>Hosts that are no IP addresses are looked up on an executor, as the JVM does: each until it is
 * known, with backoff, and then never again; those that are known serve meanwhile. A host with
 * several addresses is as many backends.
 */
public final class StaticDiscovery implements Discovery {
  private final Map<String, List<HostPort>> names;
  private final Sources sources;

  /** For {@code static:///} targets only. */
  public StaticDiscovery() {
    this(Map.of());
  }

  /**
   * With a table of names for targets without a scheme.
   *
   * @param names from a target's {@code host[:port]} to a comma-separated list of {@code host:port}
   * @throws InvalidValueException if one of them has not that form
   */
  public StaticDiscovery(Map<String, String> names) {
    this(names, Sources.of(TimeSource.system()));
  }

  /**
   * With time, chance and an executor of the caller's.
   *
   * @param names from a target's {@code host[:port]} to a comma-separated list of {@code host:port}
   * @param time tells when the list was last known to be right, and when to look up again
   * @param random for the jitter of that
   * @param executor runs the look-ups of host names, which block
   * @throws InvalidValueException if one of the names has not that form
   */
  public StaticDiscovery(
      Map<String, String> names,
      TimeSource time,
      Supplier<? extends RandomGenerator> random,
      Executor executor) {
    this(names, new Sources(time, random, executor));
  }

  StaticDiscovery(Map<String, String> names, Sources sources) {
    Map<String, List<HostPort>> parsed = new LinkedHashMap<>();
    names.forEach((name, list) -> parsed.put(key(HostPort.parse(name)), listOf(name, list)));
    this.names = parsed;
    this.sources = sources;
  }

  @Override
  public Set<String> schemes() {
    return Set.of(Target.STATIC_SCHEME);
  }

  @Override
  public void check(Target target) {
    hosts(target);
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    List<HostPort> hosts = hosts(target);
    StaticWatch watch = new StaticWatch(hosts, listener, sources);
    watch.start();
    return watch;
  }

  private List<HostPort> hosts(Target target) {
    if (!target.options().isEmpty()) {
      throw new InvalidValueException(
          "options", target.options(), "empty: a static target has none");
    }
    if (!target.authority().isEmpty()) {
      throw new InvalidValueException(
          "authority", target.authority(), "empty: static:///host:port has three slashes");
    }
    return target.scheme() == null ? named(target) : withPorts(target);
  }

  private List<HostPort> named(Target target) {
    List<HostPort> hosts = names.get(key(target.host()));
    if (hosts == null) {
      throw new InvalidValueException(
          "target", target, "static:///host:port, or one of the names " + names.keySet());
    }
    return hosts;
  }

  private static List<HostPort> listOf(String name, String list) {
    Target target = Target.parse(Target.STATIC_SCHEME + ":///" + list);
    if (!target.options().isEmpty()) {
      throw new InvalidValueException(name, list, "host:port,host:port without options");
    }
    return withPorts(target);
  }

  /** Hosts' names are the same in either case. */
  private static String key(HostPort host) {
    return host.toString().toLowerCase(Locale.ROOT);
  }

  private static List<HostPort> withPorts(Target target) {
    for (HostPort host : target.hosts()) {
      if (!host.hasNumericPort()) {
        throw new InvalidValueException(
            "address", host, "host:port with a number for the port, in " + target);
      }
    }
    return target.hosts();
  }

  /** Its names. */
  @Override
  public String toString() {
    return "StaticDiscovery" + names.keySet();
  }
}
