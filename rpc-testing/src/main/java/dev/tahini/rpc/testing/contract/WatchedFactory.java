package dev.tahini.rpc.testing.contract;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A user's factory under the eyes of the contract: what it makes, and what goes wrong in it, which
 * the client would turn into calls that fail. Thread-safe.
 */
final class WatchedFactory implements Picker.Factory {
  private final Picker.Factory watched;
  private final List<Made> made = new CopyOnWriteArrayList<>();
  private final List<String> wrongs = new CopyOnWriteArrayList<>();

  /** A picker, and what it was made from. */
  record Made(Picker picker, Picker.Backends backends) {}

  WatchedFactory(Picker.Factory watched) {
    this.watched = watched;
  }

  /** What it made, oldest first. */
  List<Made> made() {
    return List.copyOf(made);
  }

  /** What was thrown, and backends of other lists; empty if all went well. */
  List<String> wrongs() {
    return List.copyOf(wrongs);
  }

  @Override
  public String name() {
    return watched.name();
  }

  @Override
  public Picker create(Picker.Backends backends) {
    Picker picker = noting("create", () -> watched.create(backends));
    made.add(new Made(picker, backends));
    return new WatchedPicker(picker, backends);
  }

  private <T extends @Nullable Object> T noting(String method, Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException | Error e) {
      wrongs.add(method + " threw " + e);
      throw e;
    }
  }

  private final class WatchedPicker implements Picker {
    private final Picker picker;
    private final Backends backends;

    WatchedPicker(Picker picker, Backends backends) {
      this.picker = picker;
      this.backends = backends;
    }

    @Override
    public @Nullable Backend pick(PickRequest request) {
      Backend backend =
          WatchedFactory.this.<@Nullable Backend>noting("pick", () -> picker.pick(request));
      if (backend != null && !backends.all().contains(backend)) {
        wrongs.add("pick chose " + backend + ", which is not in its list " + backends.all());
      }
      return backend;
    }

    @Override
    public @Nullable Status whyNone(PickRequest request) {
      return WatchedFactory.this.<@Nullable Status>noting("whyNone", () -> picker.whyNone(request));
    }
  }
}
