package dev.tahini.rpc.core;

import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Clients;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.Target;
import io.grpc.Channel;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The clients of one injector. Those with the same target and equal options share a channel, which
 * is closed with the last of them. Closing this closes them all: Guice has no lifecycle of its own,
 * so that the application does it when it ends.
 *
 * <p>Thread-safe.
 */
public final class RpcClients implements Clients, AutoCloseable {
  private final Discoveries discoveries;
  private final List<ClientFeature> features;
  private final ChannelFactory channelFactory;
  private final Sources sources = Sources.SYSTEM;
  private final Map<ChannelSpec, Shared> channels = new LinkedHashMap<>();
  private boolean closed;

  /**
   * For Guice, and for those who wire by hand.
   *
   * @param discoveries of which one is the default, or is alone
   * @param features what plug-ins add to each client
   * @param channelFactory the transport
   * @throws dev.tahini.rpc.InvalidValueException if it is not clear which discovery serves what
   */
  @Inject
  public RpcClients(
      Set<InstalledDiscovery> discoveries,
      Set<ClientFeature> features,
      ChannelFactory channelFactory) {
    this.discoveries = new Discoveries(discoveries, sources.clock(), sources.executor());
    this.features = List.copyOf(features);
    this.channelFactory = channelFactory;
  }

  /** A channel, how many clients have it, and the longest grace that one of them asked for. */
  private static final class Shared {
    private final ClientChannel channel;
    private int clients;
    private Duration grace = Duration.ZERO;

    Shared(ClientChannel channel) {
      this.channel = channel;
    }
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
    Shared shared = acquire(spec, options.gracePeriod());
    try {
      return new RpcClient<>(
          shared.channel, stubs, options.interceptors(), () -> release(spec, shared));
    } catch (RuntimeException | Error e) {
      release(spec, shared);
      throw e;
    }
  }

  /** Fails as {@link #open} would, where that can be told without a watch. */
  void check(Target target, ClientOptions<?> options) {
    ChannelSpec spec =
        options.channelSpec(target, discoveries.of(target), features, channelFactory, sources);
    spec.checkPickers();
  }

  private synchronized Shared acquire(ChannelSpec spec, Duration grace) {
    if (closed) {
      throw new IllegalStateException(spec.target() + ": its RpcClients are closed");
    }
    Shared shared =
        channels.computeIfAbsent(spec, missing -> new Shared(ClientChannel.open(missing)));
    shared.clients++;
    shared.grace = shared.grace.compareTo(grace) > 0 ? shared.grace : grace;
    return shared;
  }

  private void release(ChannelSpec spec, Shared shared) {
    synchronized (this) {
      shared.clients--;
      if (shared.clients > 0 || !channels.remove(spec, shared)) {
        return;
      }
    }
    shut(List.of(shared));
  }

  @Override
  public synchronized List<ClientView> all() {
    return channels.values().stream().map(shared -> (ClientView) shared.channel).toList();
  }

  /**
   * Closes every client and what the features keep open. Calls in flight on all of them have the
   * longest grace period of any; blocks that long at most, and a second more. Idempotent; no client
   * can be opened afterwards.
   */
  @Override
  public void close() {
    List<Shared> open;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      open = List.copyOf(channels.values());
      channels.clear();
    }
    shut(open);
    features.forEach(ClientFeature::close);
  }

  private static void shut(Collection<Shared> open) {
    open.forEach(shared -> shared.channel.shutdown());
    long start = System.nanoTime();
    for (Shared shared : open) {
      Duration left = shared.grace.minusNanos(System.nanoTime() - start);
      shared.channel.awaitOrCut(left.isNegative() ? Duration.ZERO : left);
    }
  }
}
