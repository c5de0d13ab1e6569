package dev.tahini.rpc.core;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.List;

/** The shard maps that come with the library. */
public final class ShardMaps {
  private static final ShardMap STANDARD = new Standard();

  private ShardMaps() {}

  /**
   * The default: a hash ring with 160 points for each unit of an endpoint's weight, placed by XXH64
   * of its address, so that an endpoint that comes or goes moves only keys of its own.
   *
   * @return the map; always the same
   */
  public static ShardMap standard() {
    return STANDARD;
  }

  private static final class Standard implements ShardMap {
    @Override
    public String name() {
      return "standard";
    }

    @Override
    public Table build(List<Endpoint> endpoints) {
      return HashRing.of(endpoints);
    }
  }
}
