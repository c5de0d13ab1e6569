package dev.tahini.rpc.core;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Figure;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickExplanation;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target's channel with all that lives as long as it does: the watch, the backends, the shard
 * tables and gRPC's channel. Thread-safe; {@link SharedChannel} counts the clients that share it.
 */
final class ClientChannel implements ClientView {
  private static final Logger logger = LoggerFactory.getLogger(ClientChannel.class);

  /** gRPC takes a longer time than 30 days as "never". */
  private static final long IDLE_NEVER_DAYS = 100;

  private final AtomicBoolean closed = new AtomicBoolean();
  private final ChannelSpec spec;
  private final ChannelState state;
  private final Pickers.Maker pickers;
  private final EndpointWatch watch;
  private final @Nullable EventLoopGuard guard;
  private final ManagedChannel grpcChannel;
  private final Channel channel;

  private ClientChannel(ChannelSpec spec) {
    this.spec = spec;
    Sources sources = spec.sources();
    ClientEvents events = new ClientEvents(spec.target());
    ShardTables shards = new ShardTables(spec.shardMap(), sources.executor());
    this.pickers = new Pickers.Maker(sources.random(), shards, spec.pickers());
    Backends backends = new Backends(sources.time().clock(), pickers);
    this.watch = new EndpointWatch(spec.target(), spec.discovery(), backends, events);
    this.state =
        new ChannelState(
            spec.target().toString(),
            sources,
            backends,
            shards,
            events,
            watch::lastConfirmed,
            watch::lastError);
    this.guard = guardOf(spec);
    this.grpcChannel = newGrpcChannel();
    try {
      this.channel = withFeatures(events);
    } catch (RuntimeException | Error e) {
      grpcChannel.shutdownNow();
      throw e;
    }
  }

  /**
   * Makes the channel, starts its watch and begins to connect.
   *
   * @throws dev.tahini.rpc.InvalidValueException if the discovery cannot serve the target
   */
  static ClientChannel open(ChannelSpec spec) {
    requirePolicy();
    ClientChannel opened = new ClientChannel(spec);
    try {
      opened.watch.start();
      if (opened.guard != null) {
        opened.guard.start();
      }
    } catch (RuntimeException | Error e) {
      opened.shutdown();
      opened.awaitOrCut(Duration.ZERO);
      throw e;
    }
    opened.grpcChannel.getState(true); // connects now, not at the first call
    return opened;
  }

  private static void requirePolicy() {
    String policy = TahiniLoadBalancerProvider.POLICY_NAME;
    if (LoadBalancerRegistry.getDefaultRegistry().getProvider(policy) == null) {
      throw new IllegalStateException(
          "gRPC does not find the load-balancing policy "
              + policy
              + ": META-INF/services/io.grpc.LoadBalancerProvider is not on the class path. If this"
              + " is one fat jar, let its tool merge the files under META-INF/services.");
    }
  }

  private static @Nullable EventLoopGuard guardOf(ChannelSpec spec) {
    Duration limit = spec.callbackLimit();
    return limit == null
        ? null
        : new EventLoopGuard(
            spec.sources().time(),
            limit,
            (what, where) -> logger.warn("{}: {}", spec.target(), what, where));
  }

  private ManagedChannel newGrpcChannel() {
    ClientResolverProvider resolver =
        new ClientResolverProvider(watch, spec.target(), spec.serviceAuthority(), state);
    ManagedChannelBuilder<?> builder =
        spec.channelFactory()
            .newChannelBuilder(resolver.targetUri(), spec.security().credentials(), resolver);
    builder.disableServiceConfigLookUp().idleTimeout(IDLE_NEVER_DAYS, TimeUnit.DAYS);
    if (spec.features().stream().anyMatch(feature -> feature.makesCallsAgain(this))) {
      builder.disableRetry();
    } else {
      builder.enableRetry();
    }
    if (spec.authority() != null) {
      builder.overrideAuthority(spec.authority());
    }
    if (guard != null) {
      builder.directExecutor();
    }
    spec.customizers().forEach(customizer -> customizer.accept(builder));
    builder.defaultLoadBalancingPolicy(TahiniLoadBalancerProvider.POLICY_NAME);
    return builder.build();
  }

  private Channel withFeatures(ClientEvents events) {
    List<CallEvents> listeners = new ArrayList<>();
    List<ClientInterceptor> interceptors = new ArrayList<>();
    try {
      for (ClientFeature feature : spec.features()) {
        feature.events(this).ifPresent(listeners::add);
        interceptors.addAll(feature.interceptors(this, events));
      }
    } catch (RuntimeException | Error e) {
      events.listeners(listeners);
      events.onClientClosed(); // those that were asked before hear that it came to nothing
      throw e;
    }
    events.listeners(listeners);
    if (events.heard()) {
      interceptors.add(0, new CallWatch(events, state.ticker()));
    }
    interceptors.add(new PickInterceptor(pickers));
    if (guard != null) {
      interceptors.add(guard);
    }
    return ClientInterceptors.interceptForward(grpcChannel, interceptors);
  }

  /** What calls go through: the features' interceptors, the outermost first, then gRPC. */
  Channel channel() {
    return channel;
  }

  /** For calls that go to one backend. */
  Pin newPin() {
    return state.newPin();
  }

  @Override
  public Target target() {
    return spec.target();
  }

  @Override
  public TimeSource time() {
    return spec.sources().time();
  }

  @Override
  public ClientSnapshot snapshot() {
    Listing listing = state.backends().current();
    return new ClientSnapshot(
        spec.sources().time().clock().instant(),
        spec.target(),
        watch.kind(),
        spec.shardMap().name(),
        listing.answered(),
        watch.lastConfirmed(),
        watch.lastError(),
        listing.backends().stream().map(BackendSnapshot::of).toList(),
        pickers.names(),
        figures());
  }

  private List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    for (ClientFeature feature : spec.features()) {
      try {
        figures.addAll(feature.figures(this));
      } catch (RuntimeException e) {
        logger.debug("{}: {} has no figures", spec.target(), feature.getClass().getName(), e);
      }
    }
    return figures;
  }

  @Override
  public List<BackendSnapshot> owners(String key) {
    return new PickExplainer(state).owners(Pick.shard(key));
  }

  @Override
  public Map<String, Double> shares() {
    return new PickExplainer(state).shares();
  }

  @Override
  public PickExplanation explain(Pick pick) {
    pickers.check(pick);
    return new PickExplainer(state).explain(pick);
  }

  boolean isShutdown() {
    return grpcChannel.isShutdown();
  }

  /** Ends the watch and takes no more calls; those in flight go on. */
  void shutdown() {
    try {
      watch.close();
    } catch (RuntimeException e) {
      logger.warn("{}: its discovery failed to close", spec.target(), e);
    }
    grpcChannel.shutdown();
  }

  /** Waits for the calls in flight as long as is given, then cuts those that are left. */
  void awaitOrCut(Duration grace) {
    boolean interrupted = false;
    try {
      if (!grpcChannel.awaitTermination(NANOSECONDS.convert(grace), NANOSECONDS)) {
        grpcChannel.shutdownNow();
        grpcChannel.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      grpcChannel.shutdownNow();
      interrupted = true;
    }
    if (closed.compareAndSet(false, true)) {
      if (guard != null) {
        guard.close();
      }
      state.events().onClientClosed();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
