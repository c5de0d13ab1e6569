package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.List;
import java.util.Optional;

/** A contender that makes a table of the whole list, and reads only that. */
final class TablePlacement<T> implements Placement {
  private final Way<T> way;
  private T table;

  TablePlacement(Way<T> way, List<Endpoint> endpoints) {
    this.way = way;
    this.table = way.build(endpoints);
  }

  /**
   * A way to make tables and to read them. Stateless.
   *
   * @param <T> the table
   */
  interface Way<T> {

    /** Makes the table of a list. */
    T build(List<Endpoint> endpoints);

    /** Makes the table of a list that came after another. */
    default T rebuild(T last, List<Endpoint> endpoints) {
      return build(endpoints);
    }

    /** Whose the key is. */
    int owner(T table, byte[] key);
  }

  /** One that speaks the library's own SPI. */
  record OfShardMap(ShardMap map) implements Way<ShardMap.Table> {
    @Override
    public ShardMap.Table build(List<Endpoint> endpoints) {
      return map.build(endpoints);
    }

    @Override
    public ShardMap.Table rebuild(ShardMap.Table last, List<Endpoint> endpoints) {
      return map.rebuild(last, endpoints);
    }

    @Override
    public int owner(ShardMap.Table table, byte[] key) {
      return table.owner(table.hash(key));
    }
  }

  @Override
  public LookUps lookUps(ShardKeys keys) {
    return new TableLookUps<>(way, table, keys);
  }

  private record TableLookUps<T>(Way<T> way, T table, ShardKeys keys) implements LookUps {
    @Override
    public int owner(int key) {
      return way.owner(table, keys.bytes(key));
    }
  }

  @Override
  public void change(List<Endpoint> endpoints) {
    table = way.rebuild(table, endpoints);
  }

  @Override
  public Optional<Object> table() {
    return Optional.of(table);
  }
}
