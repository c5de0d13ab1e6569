package dev.tahini.rpc.core;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.HostPort;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Delivers a fixed list once, as soon as its host names are looked up. */
final class StaticWatch implements Discovery.Subscription {
  private static final long FIRST_BACKOFF_MILLIS = 1_000;
  private static final long LONGEST_BACKOFF_MILLIS = 30_000;

  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

  private final List<HostPort> hosts;
  private final Discovery.Listener listener;
  private final Sources sources;
  private volatile @Nullable Instant lastConfirmed;

  /** What was looked up stays; touched by one look-up at a time, each begun by the one before. */
  private final Map<HostPort, List<Endpoint>> known = new HashMap<>();

  private int delivered;
  private volatile @Nullable Future<?> retry;
  private volatile boolean closed;

  StaticWatch(List<HostPort> hosts, Discovery.Listener listener, Sources sources) {
    this.hosts = hosts;
    this.listener = listener;
    this.sources = sources;
  }

  /** Delivers on this thread if there is nothing to look up. */
  void start() {
    if (hosts.stream().allMatch(StaticWatch::needsNoDns)) {
      resolve(FIRST_BACKOFF_MILLIS);
    } else {
      resolveLater(FIRST_BACKOFF_MILLIS);
    }
  }

  private static boolean needsNoDns(HostPort host) {
    String name = host.host();
    return name.contains(":") || name.equals("localhost") || IPV4.matcher(name).matches();
  }

  /** Hosts that are unknown are tried again; those that are known serve meanwhile. */
  private void resolve(long backoffMillis) {
    if (closed) {
      return;
    }
    UnknownHostException unknown = null;
    for (HostPort host : hosts) {
      try {
        if (!known.containsKey(host)) {
          known.put(host, lookUp(host));
        }
      } catch (UnknownHostException e) {
        unknown = e;
      }
    }
    deliver(hosts.stream().flatMap(h -> known.getOrDefault(h, List.of()).stream()).toList());
    if (unknown != null) {
      retryAfter(backoffMillis, unknown);
    }
  }

  private static List<Endpoint> lookUp(HostPort host) throws UnknownHostException {
    return Arrays.stream(InetAddress.getAllByName(host.host()))
        .map(ip -> Endpoint.of(new InetSocketAddress(ip, host.portNumber())))
        .toList();
  }

  private void deliver(List<Endpoint> endpoints) {
    if (!closed && endpoints.size() > delivered) {
      lastConfirmed = sources.time().clock().instant();
      delivered = endpoints.size();
      listener.onEndpoints(endpoints);
    }
  }

  private void retryAfter(long backoffMillis, UnknownHostException cause) {
    if (closed) {
      return;
    }
    String description = "unknown host " + cause.getMessage();
    listener.onError(Status.UNAVAILABLE.withDescription(description).withCause(cause));
    long jittered = sources.random().get().nextLong(backoffMillis / 2, backoffMillis);
    long next = Math.min(2 * backoffMillis, LONGEST_BACKOFF_MILLIS);
    retry =
        sources
            .time()
            .scheduler()
            .schedule(() -> resolveLater(next), jittered, TimeUnit.MILLISECONDS);
    if (closed) { // meanwhile
      cancelRetry();
    }
  }

  private void resolveLater(long backoffMillis) {
    sources.executor().execute(() -> resolve(backoffMillis));
  }

  private void cancelRetry() {
    Future<?> scheduled = retry;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  @Override
  public @Nullable Instant lastConfirmed() {
    return lastConfirmed;
  }

  @Override
  public void close() {
    closed = true;
    cancelRetry();
  }
}
