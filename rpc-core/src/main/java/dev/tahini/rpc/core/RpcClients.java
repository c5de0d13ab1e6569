package dev.tahini.rpc.core;

import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Clients;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Channel;
import io.grpc.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one injector. Those with the same target and equal options share a channel, which
 * is closed with the last of them. Closing this closes them all: Guice has no lifecycle of its own,
 * so that the application does it when it ends.
 *
 * <p>Thread-safe.
 */
public final class RpcClients implements Clients, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(RpcClients.class);

  private final Discoveries discoveries;
  private final List<ClientFeature> features;
  private final ChannelFactory channelFactory;
  private final Sources sources;
  private final Map<ChannelSpec, SharedChannel> channels = new LinkedHashMap<>();
  private boolean closed;

  /**
   * For Guice.
   *
   * @param discoveries of which exactly one is the default, if there are several
   * @param features what plug-ins add to each client
   * @param channelFactory the transport
   * @param time of every client
   * @throws dev.tahini.rpc.InvalidValueException if it is not clear which discovery serves what
   */
  @Inject
  RpcClients(
      Set<InstalledDiscovery> discoveries,
      Set<ClientFeature> features,
      ChannelFactory channelFactory,
      TimeSource time) {
    this.sources = Sources.of(time);
    this.discoveries = new Discoveries(discoveries, sources);
    this.features = List.copyOf(features);
    this.channelFactory = channelFactory;
  }

  /**
   * Opens a client.
   *
   * @throws dev.tahini.rpc.InvalidValueException if the options do not fit each other or the target
   */
  <S> RpcClient<S> open(
      Target target, Function<? super Channel, ? extends S> stubs, ClientOptions<?> options) {
    ChannelSpec spec =
        options.channelSpec(target, discoveries.of(target), features, channelFactory, sources);
    SharedChannel shared = acquire(spec, options.gracePeriod());
    try {
      return new RpcClient<>(
          shared.channel(), stubs, options.interceptors(), () -> release(spec, shared));
    } catch (RuntimeException | Error e) {
      release(spec, shared);
      throw e;
    }
  }

  /** Fails as {@link #open} would, where that can be told without a watch. */
  void check(Target target, ClientOptions<?> options) {
    ChannelSpec spec =
        options.channelSpec(target, discoveries.of(target), features, channelFactory, sources);
    spec.check();
  }

  private SharedChannel acquire(ChannelSpec spec, Duration grace) {
    SharedChannel shared;
    boolean first;
    synchronized (this) {
      if (closed) {
        throw closedException(spec);
      }
      shared = channels.computeIfAbsent(spec, missing -> new SharedChannel());
      first = shared.join(grace);
    }
    if (first) {
      shared.open(spec);
      refuseIfClosed(spec, shared);
    }
    return shared;
  }

  /** Shuts what was opened while everything was being closed. */
  private void refuseIfClosed(ChannelSpec spec, SharedChannel shared) {
    synchronized (this) {
      if (!closed) {
        return;
      }
    }
    shut(List.of(shared));
    throw closedException(spec);
  }

  private static IllegalStateException closedException(ChannelSpec spec) {
    return new IllegalStateException(spec.target() + ": its RpcClients are closed");
  }

  private void release(ChannelSpec spec, SharedChannel shared) {
    boolean last;
    synchronized (this) {
      last = shared.leave() && channels.remove(spec, shared);
    }
    if (last) {
      shut(List.of(shared));
    }
  }

  @Override
  public synchronized List<ClientView> all() {
    return channels.values().stream()
        .flatMap(shared -> shared.ifOpen().stream())
        .map(ClientView.class::cast)
        .toList();
  }

  /**
   * Closes every client and what the features keep open. Calls in flight on all of them have the
   * longest grace period of any; blocks that long at most, and a second for each that does not end.
   * Idempotent; no client can be opened afterwards.
   */
  @Override
  public void close() {
    List<SharedChannel> open;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      open = List.copyOf(channels.values());
      channels.clear();
    }
    shut(open);
    features.forEach(RpcClients::close);
  }

  private static void close(ClientFeature feature) {
    try {
      feature.close();
    } catch (RuntimeException e) {
      logger.warn("{} failed to close", feature.getClass().getName(), e);
    }
  }

  /** Those that could not be opened have nothing to shut. */
  private void shut(Collection<SharedChannel> leaving) {
    Deadline.Ticker ticker = sources.time().ticker();
    leaving.forEach(shared -> shared.ifOpen().ifPresent(ClientChannel::shutdown));
    long start = ticker.nanoTime();
    for (SharedChannel shared : leaving) {
      Duration left = shared.grace().minusNanos(ticker.nanoTime() - start);
      Duration grace = left.isNegative() ? Duration.ZERO : left;
      shared.ifOpen().ifPresent(channel -> channel.awaitOrCut(grace));
    }
  }
}
