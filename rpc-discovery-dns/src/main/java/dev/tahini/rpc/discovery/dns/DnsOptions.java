package dev.tahini.rpc.discovery.dns;

import dev.tahini.rpc.InvalidValueException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * How a {@link DnsDiscovery} asks. Start from {@link #defaults()}, and change what is to differ
 * with the {@code with} methods. Immutable.
 *
 * @param servers the DNS servers, in the order in which they are tried; empty for those of the
 *     system ({@code /etc/resolv.conf}), which are read again when that file changes
 * @param search where names without a final dot are looked for; null for what the system says
 * @param minRefresh DNS is asked again no sooner, whatever the TTL and whoever hints; default 1 s
 * @param maxRefresh DNS is asked again no later, whatever the TTL; default 30 s
 * @param emptyAnswers how many look-ups in a row have to say that there are no endpoints before the
 *     list is emptied; default 3
 * @param emptyAfter for how long they have to say so at least; default 10 s
 * @param timeout how long a server may take for an answer; default 2 s
 * @param attempts how often each server is asked before a look-up fails; default 2
 */
public record DnsOptions(
    List<InetSocketAddress> servers,
    @Nullable Search search,
    Duration minRefresh,
    Duration maxRefresh,
    int emptyAnswers,
    Duration emptyAfter,
    Duration timeout,
    int attempts) {

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final DnsOptions DEFAULTS =
      new DnsOptions(
          List.of(),
          null,
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          3,
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          2);

  /**
   * Where names without a final dot are looked for, as {@code resolv.conf(5)} has it. Immutable.
   *
   * @param domains such as {@code prod.svc.cluster.local}, in the order in which they are tried
   * @param ndots a name with fewer dots is tried in the domains first, and as it is last; 0 to 15
   */
  public record Search(List<String> domains, int ndots) {

    /**
     * Checks and copies the parts.
     *
     * @throws InvalidValueException if a domain is no name, or the number is out of range
     */
    public Search {
      domains = List.copyOf(domains);
      require(ndots >= 0 && ndots <= 15, "ndots", ndots, "0 to 15");
      domains.forEach(Search::name);
    }

    SearchList toList() {
      return new SearchList(domains.stream().map(Search::name).toList(), ndots);
    }

    private static Name name(String domain) {
      try {
        return Name.fromString(domain, Name.root);
      } catch (TextParseException e) {
        throw new InvalidValueException("search domain", domain, "a name such as prod.example");
      }
    }
  }

  /**
   * Checks and copies the parts.
   *
   * @throws InvalidValueException naming the option that is out of its range
   */
  public DnsOptions {
    servers = List.copyOf(servers);
    servers.forEach(each -> require(!each.isUnresolved(), "DNS server", each, "an IP address"));
    require(isUpToADay(minRefresh), "minRefresh", minRefresh, "1 ms to 1 day");
    require(
        isUpToADay(maxRefresh) && maxRefresh.compareTo(minRefresh) >= 0,
        "maxRefresh",
        maxRefresh,
        "minRefresh (" + minRefresh + ") to 1 day");
    require(emptyAnswers >= 1, "emptyAnswers", emptyAnswers, "at least 1");
    require(
        !emptyAfter.isNegative() && emptyAfter.compareTo(LONGEST) <= 0,
        "emptyAfter",
        emptyAfter,
        "0 to 1 day");
    require(isUpToADay(timeout), "timeout", timeout, "1 ms to 1 day");
    require(attempts >= 1 && attempts <= 10, "attempts", attempts, "1 to 10");
  }

  /**
   * Every option as it is unless said otherwise.
   *
   * @return the defaults
   */
  public static DnsOptions defaults() {
    return DEFAULTS;
  }

  private static boolean isUpToADay(Duration duration) {
    return duration.compareTo(Duration.ofMillis(1)) >= 0 && duration.compareTo(LONGEST) <= 0;
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new InvalidValueException(name, value, expected);
    }
  }

  /**
   * The same with other servers. A target that names one, {@code dns://10.0.0.2/host:80}, asks that
   * one.
   *
   * @param servers each {@code ip} or {@code ip:port}, IPv6 in brackets; the port is 53 if not
   *     given
   * @return the changed copy
   * @throws InvalidValueException if one has not that form
   */
  public DnsOptions withServers(String... servers) {
    List<InetSocketAddress> parsed = Arrays.stream(servers).map(ServerAddress::parse).toList();
    return new DnsOptions(
        parsed, search, minRefresh, maxRefresh, emptyAnswers, emptyAfter, timeout, attempts);
  }

  /**
   * The same with a search list of its own.
   *
   * @param ndots a name with fewer dots is tried in the domains first
   * @param domains in the order in which they are tried; none to take all names as they are
   * @return the changed copy
   * @throws InvalidValueException if a domain is no name, or the number is out of range
   */
  public DnsOptions withSearch(int ndots, String... domains) {
    Search other = new Search(List.of(domains), ndots);
    return new DnsOptions(
        servers, other, minRefresh, maxRefresh, emptyAnswers, emptyAfter, timeout, attempts);
  }

  /**
   * The same with other bounds of the time between two look-ups.
   *
   * @param min never sooner; 1 ms to 1 day
   * @param max never later; min to 1 day
   * @return the changed copy
   * @throws InvalidValueException if one is out of its range
   */
  public DnsOptions withRefresh(Duration min, Duration max) {
    return new DnsOptions(servers, search, min, max, emptyAnswers, emptyAfter, timeout, attempts);
  }

  /**
   * The same with another rule for when "there are none" is believed.
   *
   * @param answers so many look-ups in a row, at least 1
   * @param duration and over so long a time; may be zero
   * @return the changed copy
   * @throws InvalidValueException if one is out of its range
   */
  public DnsOptions withEmptyAfter(int answers, Duration duration) {
    return new DnsOptions(
        servers, search, minRefresh, maxRefresh, answers, duration, timeout, attempts);
  }

  /**
   * The same with other patience for servers.
   *
   * @param timeout how long a server may take for an answer; 1 ms to 1 day
   * @param attempts how often each server is asked before a look-up fails; 1 to 10
   * @return the changed copy
   * @throws InvalidValueException if one is out of its range
   */
  public DnsOptions withTimeout(Duration timeout, int attempts) {
    return new DnsOptions(
        servers, search, minRefresh, maxRefresh, emptyAnswers, emptyAfter, timeout, attempts);
  }
}
