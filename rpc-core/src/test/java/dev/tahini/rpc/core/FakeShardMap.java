package dev.tahini.rpc.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A map whose keys are numbers: the key n is owned by the endpoint of that index, then the next.
 */
final class FakeShardMap implements ShardMap {
  final List<List<Endpoint>> built = new ArrayList<>();
  final List<Table> rebuilt = new ArrayList<>();
  @Nullable RuntimeException toThrowOnRebuild;
  @Nullable Throwable toThrow;

  /** Run in the middle of each build. */
  Runnable whileBuilding = () -> {};

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Table build(List<Endpoint> endpoints) {
    built.add(List.copyOf(endpoints));
    whileBuilding.run();
    if (toThrow instanceof RuntimeException e) {
      throw e;
    }
    if (toThrow instanceof Error e) {
      throw e;
    }
    return new FakeTable(endpoints.size());
  }

  @Override
  public Table rebuild(Table last, List<Endpoint> endpoints) {
    rebuilt.add(last);
    if (toThrowOnRebuild != null) {
      throw toThrowOnRebuild;
    }
    return build(endpoints);
  }

  private record FakeTable(int size) implements Table {
    @Override
    public long hash(byte[] key) {
      return Long.parseLong(new String(key, UTF_8));
    }

    @Override
    public int owner(long hash) {
      return (int) (hash % size);
    }

    @Override
    public int owner(long hash, IntPredicate usable) {
      for (int i = 0; i < size; i++) {
        if (usable.test(owner(hash + i))) {
          return owner(hash + i);
        }
      }
      return -1;
    }

    @Override
    public double share(int index) {
      return 1.0 / size;
    }
  }
}
