package dev.tahini.rpc.core;

import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import java.util.List;
import java.util.Map;

/**
 * The channel state of a balancer in a plain gRPC channel, where no {@link RpcClient} brings one.
 */
final class StandaloneState {
  /** For events, which nobody hears there: a plain channel's target need not be of our grammar. */
  private static final Target NO_TARGET =
      new Target(null, "", List.of(new HostPort("unknown", null)), Map.of());

  private StandaloneState() {}

  static ChannelState of(String target, ShardMap shardMap) {
    Sources sources = Sources.of(TimeSource.system());
    ShardTables shards = new ShardTables(shardMap, sources.executor());
    Pickers.Maker pickers = new Pickers.Maker(sources.random(), shards, List.of());
    Backends backends = new Backends(sources.time().clock(), pickers);
    return new ChannelState(
        target, sources, backends, shards, new ClientEvents(NO_TARGET), () -> null, () -> null);
  }
}
