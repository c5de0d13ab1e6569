package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.SHUTDOWN;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.ShardMap;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backend that owns a key; while it cannot be connected, or has too much to do for a bounded
 * pick, the next in the key's own order. An owner that is being connected is waited for: its keys
 * are not spilled over a short break.
 */
final class ShardPicker implements BackendPicker {
  private final Supplier<ShardTables.@Nullable Built> tables;
  private final BooleanSupplier anyUsable;
  private final ThreadLocal<ShardWalk> walks;

  /**
   * Picks from the newest table.
   *
   * @param tables the newest that is built, or null before there is one
   * @param anyUsable whether any backend is ready or on its way to be: if not, no order is walked
   * @param walks one for each thread
   */
  ShardPicker(
      Supplier<ShardTables.@Nullable Built> tables,
      BooleanSupplier anyUsable,
      ThreadLocal<ShardWalk> walks) {
    this.tables = tables;
    this.anyUsable = anyUsable;
    this.walks = walks;
  }

  @Override
  public @Nullable LiveBackend pick(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    ShardTables.Built built = tables.get();
    if (built == null) {
      return null;
    }
    Pick.Shard asked = (Pick.Shard) pick;
    ShardMap.Table table = built.table();
    long hash = asked.hash(table);
    if (asked.replicas() == 1 && !asked.isBounded()) {
      LiveBackend owner = built.backends().get(table.owner(hash));
      if (asked.isStrict()
          ? owner.state() != SHUTDOWN
          : owner.canBeAwaited() && !attempts.tried(owner)) {
        return owner;
      }
    }
    if (!asked.isStrict() && !anyUsable.getAsBoolean()) {
      return null;
    }
    ShardWalk walk = walks.get();
    try {
      walk.begin(built, table, asked, hash, attempts);
      return asked.replicas() == 1 && !asked.isBounded() ? walk.next() : walk.best();
    } finally {
      walk.end();
    }
  }

  @Override
  public @Nullable Status whyNone(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    ShardTables.Built built = tables.get();
    if (built == null) {
      return Status.OK;
    }
    Throwable failure = built.newerFailure();
    return failure == null
        ? null
        : Status.UNAVAILABLE
            .withDescription(
                "none of the backends that its last good shard table knows can be connected; the"
                    + " shard map failed for newer ones: "
                    + failure)
            .withCause(failure);
  }
}
