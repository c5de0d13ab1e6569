package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.SHUTDOWN;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.ShardMap;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The backend that owns a key; while it cannot be connected, the next in the key's own order. An
 * owner that is being connected is waited for: its keys are not spilled over a short break.
 */
final class ShardPicker implements Picker {
  private final ShardTables tables;

  ShardPicker(ShardTables tables) {
    this.tables = tables;
  }

  @Override
  public @Nullable Backend pick(PickRequest request) {
    ShardTables.Built built = tables.current();
    if (built == null) {
      return null;
    }
    Pick.Shard asked = (Pick.Shard) request.pick();
    ShardMap.Table table = built.get();
    List<LiveBackend> backends = built.backends();
    long hash = asked.hash(table);
    LiveBackend owner = backends.get(table.owner(hash));
    Attempts attempts = request.attempts();
    if (owner.canBeAwaited() && (attempts.size() == 0 || !attempts.tried(owner))) {
      return owner;
    }
    if (asked.isStrict() && owner.state() != SHUTDOWN) {
      return owner;
    }
    return nextOwner(table, hash, backends, asked.isStrict() ? Attempts.NONE : attempts);
  }

  private static @Nullable Backend nextOwner(
      ShardMap.Table table, long hash, List<LiveBackend> backends, Attempts attempts) {
    int next =
        table.owner(hash, i -> backends.get(i).canBeAwaited() && !attempts.tried(backends.get(i)));
    if (next < 0 && attempts.size() > 0) {
      next = table.owner(hash, i -> backends.get(i).canBeAwaited());
    }
    return next < 0 ? null : backends.get(next);
  }

  @Override
  public @Nullable Status whyNone(PickRequest request) {
    return tables.current() == null ? Status.OK : null;
  }
}
