package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.ConnectivityState;
import io.grpc.Deadline;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** All that a client keeps beside gRPC's channel, with time, chance and threads of the test's. */
final class TestChannel {
  static final String TARGET = "greeter.prod:grpc";

  final FakeTime time = new FakeTime();
  final ManualExecutor executor = new ManualExecutor();
  final ClientEvents events = new ClientEvents(Target.parse(TARGET));
  final ShardTables shards;
  final Backends backends;
  final ChannelState state;
  @Nullable Instant lastConfirmed;

  TestChannel(ShardMap map, Picker.Factory... factories) {
    Random random = new Random(7);
    Sources sources = new Sources(time, () -> random, executor);
    this.shards = new ShardTables(map, executor);
    this.backends =
        new Backends(time.clock(), new Pickers.Maker(() -> random, shards, List.of(factories)));
    this.state =
        new ChannelState(
            TARGET, sources, backends, shards, events, () -> lastConfirmed, () -> null);
  }

  TestChannel(Picker.Factory... factories) {
    this(ShardMaps.standard(), factories);
  }

  /** Lists the endpoints; the backends are in their order. */
  List<LiveBackend> list(Endpoint... endpoints) {
    return list(List.of(endpoints));
  }

  List<LiveBackend> list(List<Endpoint> endpoints) {
    backends.apply(endpoints);
    return backends.current().backends();
  }

  /** Lists the endpoints and connects them, in their order. */
  List<LiveBackend> connected(List<Endpoint> endpoints) {
    List<LiveBackend> listed = list(endpoints);
    listed.forEach(backend -> become(backend, ConnectivityState.READY));
    return listed;
  }

  /** What the balancer does when a connection changes. */
  void become(LiveBackend backend, ConnectivityState state) {
    Status error =
        state == ConnectivityState.TRANSIENT_FAILURE
            ? Status.UNAVAILABLE.withDescription(backend.address() + " refused")
            : null;
    backend.connection(state, time.clock().instant(), error, PickResult.withNoResult());
    backends.ready().update(backend);
  }

  BackendPicker picker(Pick pick) {
    return requireNonNull(backends.current().pickers().of(pick), "no picker of this name");
  }

  @Nullable Backend pick(Pick pick) {
    return pick(pick, Attempts.NONE);
  }

  @Nullable Backend pick(Pick pick, Attempts attempts) {
    return picker(pick).pick(pick, attempts, ChannelState.NO_METHOD);
  }

  /** Why there is no backend for the pick. */
  @Nullable Status whyNone(Pick pick) {
    return picker(pick).whyNone(pick, Attempts.NONE, ChannelState.NO_METHOD);
  }

  /** The attempts of a call that went to these. */
  static Attempts tried(Backend... tried) {
    Attempts attempts = new Attempts();
    for (Backend backend : tried) {
      attempts.next().add(backend);
    }
    return attempts;
  }

  static void load(LiveBackend backend, int inFlight) {
    for (int i = 0; i < inFlight; i++) {
      backend.stats().start(Deadline.getSystemTicker(), false);
    }
  }
}
