package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.core.ChannelPicker.NoneAnswer;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The load-balancing policy: connects the backends of the current {@link Listing} and publishes the
 * {@link ChannelPicker} that chooses among them. Confined to the channel's synchronization context.
 *
 * <p>It owns the connections and nothing else. Backends, their statistics and the shard tables
 * belong to the {@link ChannelState}, which outlives it: the client's, or one of its own where a
 * plain gRPC channel uses the policy.
 *
 * <p>A change of a connection makes no new picker. It asks for one publication at the tail of the
 * synchronization context, so that a batch of changes costs one; without any, waiting calls would
 * hang.
 */
final class TahiniLoadBalancer extends LoadBalancer {
  private static final Logger logger = LoggerFactory.getLogger(TahiniLoadBalancer.class);

  private final Helper helper;
  private final Map<LiveBackend, BackendConnection> connections = new LinkedHashMap<>();
  private final ConnectQueue queue = new ConnectQueue();
  private TahiniConfig config = TahiniConfig.DEFAULT;
  private @Nullable ChannelState channel;
  private @Nullable LeavingSubchannels closing;
  private Listing listing = Listing.NONE;
  private @Nullable ChannelPicker picker;
  private boolean publicationQueued;
  private boolean shutdown;

  TahiniLoadBalancer(Helper helper) {
    this.helper = helper;
  }

  @Override
  public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
    TahiniConfig before = config;
    config =
        resolved.getLoadBalancingPolicyConfig() instanceof TahiniConfig given
            ? given
            : TahiniConfig.DEFAULT;
    List<EquivalentAddressGroup> groups = resolved.getAddresses();
    ChannelState attached = resolved.getAttributes().get(ChannelState.KEY);
    if (channel == null) {
      channel =
          attached != null
              ? attached
              : StandaloneState.of(helper.getChannelTarget(), config.shardMap());
      closing = new LeavingSubchannels(channel.sources().time().ticker());
      channel.shards().onBuilt(this::queuePublication);
    }
    if (attached != null && !config.equals(before)) {
      warnOfAnotherMap(channel, config.shardMap());
    }
    if (attached == null) {
      channel.backends().apply(groups.stream().map(Endpoint::of).toList());
    }
    Listing newest = channel.backends().current();
    if (newest != listing || !config.equals(before)) {
      use(channel, newest, groups);
    } else {
      Map<SocketAddress, EquivalentAddressGroup> byAddress = byAddress(groups);
      connections.forEach((backend, connection) -> connection.update(groupOf(backend, byAddress)));
    }
    return Status.OK;
  }

  /** A client's shard map is the client's: who agrees with others on owners must not miss that. */
  private static void warnOfAnotherMap(ChannelState channel, ShardMap asked) {
    ShardMap used = channel.shards().map();
    if (!asked.equals(ShardMaps.standard()) && !asked.equals(used)) {
      logger.warn(
          "{}: shardMap of the service config: {} (expected: the client's, {}, which is used; a"
              + " client's map is set by .shardMap(...))",
          channel.target(),
          asked.name(),
          used.name());
    }
  }

  private void use(ChannelState channel, Listing newest, List<EquivalentAddressGroup> groups) {
    listing = newest;
    List<BackendConnection> leaving = connectNewAndFindLeaving(channel, groups);
    picker = new ChannelPicker(channel, newest, config.pick());
    // The new picker first: no call may find the connections that are about to go.
    publish();
    channel.events().endpointsApplied(newest.endpoints());
    queue.leave(leaving);
    leaving.forEach(connection -> connection.close(SHUTDOWN));
    if (!leaving.isEmpty()) { // a call pinned to one of them, or waiting for it, fails or moves on
      queuePublication();
    }
  }

  private List<BackendConnection> connectNewAndFindLeaving(
      ChannelState channel, List<EquivalentAddressGroup> groups) {
    Map<LiveBackend, BackendConnection> before = new LinkedHashMap<>(connections);
    Map<SocketAddress, EquivalentAddressGroup> byAddress = byAddress(groups);
    LeavingSubchannels closing = requireNonNull(this.closing, "made with the channel's state");
    for (LiveBackend backend : listing.backends()) {
      EquivalentAddressGroup group = groupOf(backend, byAddress);
      BackendConnection connection = before.remove(backend);
      if (connection != null) {
        connection.update(group);
        channel.backends().ready().update(backend);
      } else {
        connections.put(
            backend,
            new BackendConnection(
                helper, channel, backend, group, closing, queue, this::queuePublication));
      }
    }
    List<BackendConnection> leaving = new ArrayList<>();
    before.forEach(
        (backend, connection) -> {
          connections.remove(backend);
          channel.backends().ready().remove(backend);
          leaving.add(connection);
        });
    return leaving;
  }

  private static Map<SocketAddress, EquivalentAddressGroup> byAddress(
      List<EquivalentAddressGroup> groups) {
    Map<SocketAddress, EquivalentAddressGroup> byAddress = new HashMap<>();
    groups.forEach(group -> byAddress.putIfAbsent(Endpoint.of(group).address(), group));
    return byAddress;
  }

  /** The group as the resolver has it, which may have more addresses than the endpoint. */
  private static EquivalentAddressGroup groupOf(
      LiveBackend backend, Map<SocketAddress, EquivalentAddressGroup> byAddress) {
    Endpoint endpoint = backend.endpoint();
    EquivalentAddressGroup group = byAddress.get(endpoint.address());
    return group != null ? group : endpoint.toAddressGroup();
  }

  @Override
  public void handleNameResolutionError(Status error) {
    if (!listing.answered() && !shutdown) {
      Status unavailable =
          Status.UNAVAILABLE.withDescription(error.getDescription()).withCause(error.getCause());
      helper.updateBalancingState(
          TRANSIENT_FAILURE, new FixedResultPicker(PickResult.withError(unavailable)));
    }
  }

  /** Asks for one publication after what is queued now; from any thread. */
  private void queuePublication() {
    helper
        .getSynchronizationContext()
        .execute(
            () -> {
              if (!publicationQueued) {
                publicationQueued = true;
                helper.getSynchronizationContext().execute(this::publishQueued);
              }
            });
  }

  private void publishQueued() {
    publicationQueued = false;
    publish();
  }

  private void publish() {
    ChannelState channel = this.channel;
    ChannelPicker picker = this.picker;
    if (shutdown || channel == null || picker == null) {
      return;
    }
    ReadyBackends ready = channel.backends().ready();
    int readyNow = ready.current().size();
    picker.noneAnswer(noneAnswer(channel, ready, readyNow));
    channel.publishing(
        () ->
            helper.updateBalancingState(
                readyNow > 0 ? READY : ready.anyOnTheWay() ? CONNECTING : TRANSIENT_FAILURE,
                picker));
  }

  private NoneAnswer noneAnswer(ChannelState channel, ReadyBackends ready, int readyNow) {
    // Where a newer list is on its way, the backends of this one may say SHUTDOWN already.
    boolean isNewest = listing == channel.backends().current();
    if (!isNewest || ready.anyOnTheWay() || listing.backends().isEmpty()) {
      return NoneAnswer.WAIT;
    }
    if (readyNow > 0) {
      String why = ": its picker takes none of the " + readyNow + " backends that are ready";
      Status unsuited = Status.UNAVAILABLE.withDescription(channel.target() + why);
      return new NoneAnswer(
          ready.version(), PickResult.withNoResult(), PickResult.withError(unsuited));
    }
    PickResult error = PickResult.withError(noneConnectable(channel, ready.lastError()));
    return new NoneAnswer(ready.version(), error, error);
  }

  private Status noneConnectable(ChannelState channel, @Nullable Status last) {
    String why =
        String.format(
            "%s: none of its %d backends can be connected; last error: %s",
            channel.target(),
            listing.backends().size(),
            last == null ? "unknown" : last.getDescription());
    return Status.UNAVAILABLE.withDescription(why).withCause(last == null ? null : last.getCause());
  }

  @Override
  public void requestConnection() {
    connections.values().forEach(BackendConnection::requestConnection);
  }

  @Override
  public void shutdown() {
    shutdown = true;
    queue.close();
    connections.values().forEach(connection -> connection.close(IDLE));
    connections.clear();
    if (closing != null) {
      closing.hurry();
    }
  }
}
