package dev.tahini.rpc.core;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.PickResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a client keeps beside gRPC's channel, with a few backends that are connected.
 *
 * <p>The ready set is empty at first: Lincheck gives objects other identity hash codes when it runs
 * operations than when it makes what they run on, so no hash map may be filled before.
 */
final class SharedState {
  /** The name of a picker that takes the last of the listed backends and no other. */
  static final String LAST = "last";

  final ChannelState channel;
  final List<LiveBackend> listed;

  SharedState(int count) {
    String target = "greeter.prod:grpc";
    Random random = new Random(7);
    Sources sources = new Sources(TimeSource.system(), () -> random, Runnable::run);
    ShardTables shards = new ShardTables(ShardMaps.standard(), sources.executor());
    Pickers.Maker pickers = new Pickers.Maker(sources.random(), shards, List.of(new Last()));
    Backends backends = new Backends(sources.time().clock(), pickers);
    ClientEvents events = new ClientEvents(Target.parse(target));
    channel =
        new ChannelState(
            target, sources, backends, shards, events, () -> Instant.EPOCH, () -> null);
    backends.apply(endpoints(count));
    listed = backends.current().backends();
    listed.forEach(backend -> connection(backend, ConnectivityState.READY));
  }

  private static List<Endpoint> endpoints(int count) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (byte number = 1; number <= count; number++) {
      try {
        InetAddress ip = InetAddress.getByAddress(new byte[] {10, 0, 0, number});
        endpoints.add(Endpoint.of(new InetSocketAddress(ip, 80)));
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
    }
    return endpoints;
  }

  /** The connection of a backend changes. */
  static void connection(LiveBackend backend, ConnectivityState state) {
    backend.connection(state, Instant.EPOCH, null, PickResult.withNoResult());
  }

  /** Counts a backend whose connection has changed, as the balancer does. */
  void update(LiveBackend backend) {
    channel.backends().ready().update(backend);
  }

  private record Last() implements Picker.Factory {
    @Override
    public String name() {
      return LAST;
    }

    @Override
    public Picker create(Picker.Backends backends) {
      Backend last = backends.all().get(backends.all().size() - 1);
      return request -> isReady(last, backends.ready()) ? last : null;
    }

    private static boolean isReady(Backend backend, Picker.ReadySet ready) {
      boolean found = false;
      for (int i = 0; !found && i < ready.size(); i++) {
        found = ready.get(i) == backend;
      }
      return found;
    }
  }
}
