package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Target;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A source of which the test says what it answers. One watch at a time. */
final class FakeDiscovery implements Discovery {
  private final Set<String> schemes;
  private @Nullable Listener listener;
  @Nullable Target target;
  @Nullable Instant lastConfirmed;
  @Nullable RuntimeException toThrow;
  int refreshes;
  boolean closed;

  FakeDiscovery(String... schemes) {
    this.schemes = Set.of(schemes);
  }

  @Override
  public Set<String> schemes() {
    return schemes;
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    if (toThrow != null) {
      throw toThrow;
    }
    this.target = target;
    this.listener = listener;
    return new Subscription() {
      @Override
      public void close() {
        closed = true;
      }

      @Override
      public void refresh() {
        refreshes++;
      }

      @Override
      public @Nullable Instant lastConfirmed() {
        return lastConfirmed;
      }
    };
  }

  /** Who hears what this source says. */
  Listener listener() {
    return requireNonNull(listener, "not watched");
  }

  @Override
  public String toString() {
    return "FakeDiscovery" + schemes;
  }
}
