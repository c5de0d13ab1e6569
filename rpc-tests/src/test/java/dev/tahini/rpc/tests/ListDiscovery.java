package dev.tahini.rpc.tests;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists what the test says, fails when the test says so, and is silent until then. Its state
 * changes under its monitor, which is also held while listeners are called: one at a time.
 */
final class ListDiscovery implements Discovery {
  private final String scheme;
  private final List<Watch> open = new ArrayList<>();
  private final List<Target> watched = new ArrayList<>();
  private @Nullable List<Endpoint> list;
  private @Nullable Status error;
  private @Nullable RuntimeException watchFailure;
  private @Nullable Instant lastConfirmed;
  private int refreshes;

  ListDiscovery() {
    this("list");
  }

  ListDiscovery(String scheme) {
    this.scheme = scheme;
  }

  void list(Endpoint... endpoints) {
    list(List.of(endpoints));
  }

  synchronized void list(List<Endpoint> endpoints) {
    lastConfirmed = Instant.now();
    error = null;
    if (list == null || !new HashSet<>(list).equals(new HashSet<>(endpoints))) {
      list = List.copyOf(endpoints);
      deliver(listener -> listener.onEndpoints(endpoints));
    } else {
      deliver(Listener::onConfirmed);
    }
  }

  synchronized void fail(Status why) {
    error = why;
    deliver(listener -> listener.onError(why));
  }

  /** From now on {@link #watch} throws. */
  synchronized void failWatches(RuntimeException failure) {
    watchFailure = failure;
  }

  private void deliver(Consumer<Listener> delivery) {
    List.copyOf(open).forEach(watch -> delivery.accept(watch.listener()));
  }

  /** Every target that was ever watched, once for each watch. */
  synchronized List<Target> watched() {
    return List.copyOf(watched);
  }

  synchronized int openWatches() {
    return open.size();
  }

  synchronized int refreshes() {
    return refreshes;
  }

  @Override
  public Set<String> schemes() {
    return Set.of(scheme);
  }

  @Override
  public synchronized Subscription watch(Target target, Listener listener) {
    if (watchFailure != null) {
      throw watchFailure;
    }
    watched.add(target);
    Watch watch = new Watch(this, listener);
    open.add(watch);
    if (list != null) {
      listener.onEndpoints(list);
    }
    if (error != null) {
      listener.onError(error);
    }
    return watch;
  }

  private record Watch(ListDiscovery discovery, Listener listener) implements Subscription {
    @Override
    public void close() {
      synchronized (discovery) {
        discovery.open.remove(this);
      }
    }

    @Override
    public void refresh() {
      synchronized (discovery) {
        discovery.refreshes++;
      }
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      synchronized (discovery) {
        return discovery.lastConfirmed;
      }
    }
  }
}
