package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.SHUTDOWN;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.ShardMap;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backend that owns a key; while it cannot be connected, the next in the key's own order. An
 * owner that is being connected is waited for: its keys are not spilled over a short break.
 */
final class ShardPicker implements BackendPicker {
  private final Supplier<ShardTables.@Nullable Built> tables;
  private final BooleanSupplier anyUsable;

  /**
   * Picks from the newest table.
   *
   * @param tables the newest that is built, or null before there is one
   * @param anyUsable whether any backend is ready or on its way to be: if not, no order is walked
   */
  ShardPicker(Supplier<ShardTables.@Nullable Built> tables, BooleanSupplier anyUsable) {
    this.tables = tables;
    this.anyUsable = anyUsable;
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
    LiveBackend owner = built.backends().get(table.owner(hash));
    if (asked.isStrict()) {
      return owner.state() != SHUTDOWN ? owner : nextListed(built, hash);
    }
    if (owner.canBeAwaited() && (attempts.size() == 0 || !attempts.tried(owner))) {
      return owner;
    }
    return anyUsable.getAsBoolean() ? nextUsable(built, hash, attempts) : null;
  }

  /** The owner among those that are still listed, until the table without the others is built. */
  private static @Nullable LiveBackend nextListed(ShardTables.Built built, long hash) {
    return at(built, built.table().owner(hash, i -> built.backends().get(i).state() != SHUTDOWN));
  }

  private static @Nullable LiveBackend nextUsable(
      ShardTables.Built built, long hash, Attempts attempts) {
    if (attempts.size() > 0) {
      IntPredicate usable = built.canBeAwaited();
      IntPredicate untried = i -> usable.test(i) && !attempts.tried(built.backends().get(i));
      LiveBackend next = at(built, built.table().owner(hash, untried));
      if (next != null) {
        return next;
      }
    }
    return at(built, built.table().owner(hash, built.canBeAwaited()));
  }

  private static @Nullable LiveBackend at(ShardTables.Built built, int index) {
    return index < 0 ? null : built.backends().get(index);
  }

  @Override
  public @Nullable Status whyNone(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    return tables.get() == null ? Status.OK : null;
  }
}
