package dev.tahini.rpc.core;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.ShardMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /**
   * A table and the backends that its indices mean; or why it could not be built.
   *
   * @param newerFailure why the table of a newer list could not be built, which this one stands for
   */
  record Built(
      List<LiveBackend> backends,
      ShardMap.@Nullable Table tableOrNull,
      @Nullable Throwable failure,
      @Nullable Throwable newerFailure) {

    ShardMap.Table table() {
      if (tableOrNull == null) {
        throw new IllegalStateException("its shard map failed: " + failure, failure);
      }
      return tableOrNull;
    }

    private boolean isGood() {
      return failure == null;
    }

    /** Whether some of its backends are in a newer list. */
    private boolean serves(List<LiveBackend> newer) {
      Set<LiveBackend> listed = new HashSet<>(newer);
      return backends.stream().anyMatch(listed::contains);
    }
  }

  ShardMap map() {
    return map;
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
      newest = lastGoodOr(build(listed));
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
    } catch (RuntimeException | Error e) {
      // Calls by key fail with this, rather than wait; the next list tries again.
      synchronized (this) {
        built = lastGoodOr(new Built(wanted, null, e, null));
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
        lookedAt = null;
        if (next == wanted) {
          building = false;
          break;
        }
      }
    }
    onBuilt.run();
  }

  /** A table that could not be built does not take the place of one that still serves. */
  private Built lastGoodOr(Built newest) {
    Built last = built;
    return newest.isGood() || last == null || !last.isGood() || !last.serves(newest.backends())
        ? newest
        : new Built(last.backends(), last.tableOrNull(), null, newest.failure());
  }

  private Built build(List<LiveBackend> listed) {
    try {
      List<Endpoint> endpoints = listed.stream().map(Backend::endpoint).toList();
      return new Built(listed, table(endpoints), null, null);
    } catch (RuntimeException | Error e) {
      logger.error(
          "Shard map {} failed; its last good table serves, or calls by key fail", map.name(), e);
      return new Built(listed, null, e, null);
    }
  }

  private ShardMap.Table table(List<Endpoint> endpoints) {
    Built last = built;
    if (last == null || !last.isGood()) {
      return map.build(endpoints);
    }
    try {
      return map.rebuild(last.table(), endpoints);
    } catch (RuntimeException e) {
      logger.warn("Shard map {} cannot change its last table: a new one is built", map.name(), e);
      return map.build(endpoints);
    }
  }
}
