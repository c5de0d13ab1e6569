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
    if (asked.replicas() == 1 && !asked.isBounded()) {
      ShardMap.Table table = built.table();
      LiveBackend owner = built.backends().get(table.owner(asked.hash(table)));
      if (asked.isStrict()
          ? owner.state() != SHUTDOWN
          : owner.canBeAwaited() && !attempts.tried(owner)) {
        return owner;
      }
    }
    return asked.isStrict() || anyUsable.getAsBoolean() ? walk(built, asked, attempts) : null;
  }

  private @Nullable LiveBackend walk(ShardTables.Built built, Pick.Shard asked, Attempts attempts) {
    ShardWalk walk = walks.get().begin(built, asked, attempts);
    try {
      return asked.replicas() == 1 && !asked.isBounded() ? walk.next() : walk.best();
    } finally {
      walk.end();
    }
  }

  @Override
  public @Nullable Status whyNone(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    return tables.get() == null ? Status.OK : null;
  }
}
