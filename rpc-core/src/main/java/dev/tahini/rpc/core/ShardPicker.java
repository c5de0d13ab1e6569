package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.SHUTDOWN;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.ShardMap;
import io.grpc.Status;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backend that owns a key; while it cannot be connected, the next in the key's own order. An
 * owner that is being connected is waited for: its keys are not spilled over a short break.
 */
final class ShardPicker implements Picker {
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
  public @Nullable Backend pick(PickRequest request) {
    ShardTables.Built built = tables.get();
    if (built == null) {
      return null;
    }
    Pick.Shard asked = (Pick.Shard) request.pick();
    ShardMap.Table table = built.table();
    long hash = asked.hash(table);
    LiveBackend owner = built.backends().get(table.owner(hash));
    Attempts attempts = request.attempts();
    if (asked.isStrict()) {
      return owner.state() != SHUTDOWN ? owner : nextListed(built, hash);
    }
    if (owner.canBeAwaited() && (attempts.size() == 0 || !attempts.tried(owner))) {
      return owner;
    }
    return anyUsable.getAsBoolean() ? nextUsable(built, hash, attempts) : null;
  }

  /** The owner among those that are still listed, until the table without the others is built. */
  private static @Nullable Backend nextListed(ShardTables.Built built, long hash) {
    return at(built, built.table().owner(hash, i -> built.backends().get(i).state() != SHUTDOWN));
  }

  private static @Nullable Backend nextUsable(
      ShardTables.Built built, long hash, Attempts attempts) {
    if (attempts.size() > 0) {
      IntPredicate usable = built.canBeAwaited();
      IntPredicate untried = i -> usable.test(i) && !attempts.tried(built.backends().get(i));
      Backend next = at(built, built.table().owner(hash, untried));
      if (next != null) {
        return next;
      }
    }
    return at(built, built.table().owner(hash, built.canBeAwaited()));
  }

  private static @Nullable Backend at(ShardTables.Built built, int index) {
    return index < 0 ? null : built.backends().get(index);
  }

  @Override
  public @Nullable Status whyNone(PickRequest request) {
    return tables.get() == null ? Status.OK : null;
  }
}
