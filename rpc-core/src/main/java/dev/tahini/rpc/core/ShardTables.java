package dev.tahini.rpc.core;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the shard map's table of the newest list, built by an executor and only once a key has been
 * asked for. Until the table of a new list is done the last one serves.
 *
 * <p>Which list is wanted, whether a build runs and what was built change under this object's
 * monitor; the built table is read by anyone.
 */
final class ShardTables {
  private static final Logger logger = LoggerFactory.getLogger(ShardTables.class);

  private final ShardMap map;
  private final Executor executor;
  private final ThreadLocal<ShardWalk> walks = ThreadLocal.withInitial(ShardWalk::new);
  private volatile @Nullable Built built;
  private volatile @Nullable Built lookedAt;
  private volatile boolean asked;
  private volatile Runnable onBuilt = () -> {};
  private List<LiveBackend> wanted = List.of();
  private boolean building;

  ShardTables(ShardMap map, Executor executor) {
    this.map = map;
    this.executor = executor;
  }

  /** A table and the backends that its indices mean; or why it could not be built. */
  static final class Built {
    private final List<LiveBackend> backends;
    private final ShardMap.@Nullable Table table;
    private final @Nullable Throwable failure;

    Built(List<LiveBackend> backends, ShardMap.@Nullable Table table, @Nullable Throwable failure) {
      this.backends = backends;
      this.table = table;
      this.failure = failure;
    }

    List<LiveBackend> backends() {
      return backends;
    }

    ShardMap.Table table() {
      if (table == null) {
        throw new IllegalStateException("its shard map failed: " + failure, failure);
      }
      return table;
    }
  }

  /** Who is told, on the building thread, that a table is ready. */
  void onBuilt(Runnable listener) {
    onBuilt = listener;
  }

  /**
   * The picker of a new list. Its table is built now if keys are in use, else when one is asked
   * for.
   *
   * @param listed immutable; compared by identity
   * @param anyUsable whether any backend is ready or on its way to be
   */
  BackendPicker picker(List<LiveBackend> listed, BooleanSupplier anyUsable) {
    synchronized (this) {
      wanted = listed;
    }
    if (asked) {
      build();
    }
    return new ShardPicker(this::current, anyUsable, walks);
  }

  /** The picker of a list as it would be if its table were built: not for calls. */
  BackendPicker pickerOf(List<LiveBackend> listed) {
    return new ShardPicker(() -> of(listed), () -> true, walks);
  }

  /** The newest table, or null (and it is being built) before there is one. */
  @Nullable Built current() {
    Built newest = built;
    if (newest == null && !asked) {
      asked = true;
      build();
    }
    return newest;
  }

  /** The table of a list, built on the calling thread if it is not the newest: not for calls. */
  Built of(List<LiveBackend> listed) {
    Built newest = built;
    if (newest == null || newest.backends() != listed) {
      newest = lookedAt;
    }
    if (newest == null || newest.backends() != listed) {
      newest = build(listed);
      lookedAt = newest;
    }
    return newest;
  }

  private void build() {
    synchronized (this) {
      if (building || wanted.isEmpty()) {
        return;
      }
      building = true;
    }
    try {
      executor.execute(this::buildUntilNewest);
    } catch (RuntimeException e) {
      // Calls by key fail with this, rather than wait; the next list tries again.
      synchronized (this) {
        built = lastGoodOr(new Built(wanted, null, e));
        building = false;
      }
      logger.error("Shard map {}: the executor refuses to build its table", map.name(), e);
      onBuilt.run();
    }
  }

  private void buildUntilNewest() {
    while (true) {
      List<LiveBackend> next;
      synchronized (this) {
        next = wanted;
      }
      Built newest = next.isEmpty() ? null : build(next);
      synchronized (this) {
        built = newest == null ? null : lastGoodOr(newest);
        if (next == wanted) {
          building = false;
          break;
        }
      }
    }
    onBuilt.run();
  }

  /** A table that could not be built does not take the place of one that could. */
  private Built lastGoodOr(Built newest) {
    Built last = built;
    return newest.failure != null && last != null && last.failure == null ? last : newest;
  }

  private Built build(List<LiveBackend> listed) {
    try {
      List<Endpoint> endpoints = listed.stream().map(Backend::endpoint).toList();
      Built last = built;
      ShardMap.Table table =
          last == null || last.failure != null
              ? map.build(endpoints)
              : map.rebuild(last.table(), endpoints);
      return new Built(listed, table, null);
    } catch (RuntimeException | Error e) {
      logger.error(
          "Shard map {} failed; its last good table serves, or calls by key fail", map.name(), e);
      return new Built(listed, null, e);
    }
  }
}
