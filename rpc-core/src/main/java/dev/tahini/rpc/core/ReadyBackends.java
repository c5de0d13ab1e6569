package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which backends new calls may go to, kept as connections change at O(1) a change. Draining
 * backends stand by: they are handed out only while no serving one is ready or on its way to be.
 *
 * <p>Changed only in the balancer's synchronization context; {@link #current()} is for anyone.
 */
final class ReadyBackends {
  private final Map<LiveBackend, Standing> standings = new HashMap<>();
  private final SwapRemoveSet serving = new SwapRemoveSet();
  private final SwapRemoveSet draining = new SwapRemoveSet();
  private @Nullable Status lastError;
  private int servingOnTheWay;
  private int drainingOnTheWay;
  private final AtomicInteger version = new AtomicInteger();
  private volatile SwapRemoveSet current = serving;
  private volatile boolean anyUsable;

  /** How a backend was counted last, so that it can be uncounted. */
  private record Standing(ConnectivityState state, boolean draining) {}

  SwapRemoveSet current() {
    return current;
  }

  /** Whether a call that finds no ready backend should wait, because a connection is being made. */
  boolean anyOnTheWay() {
    return servingOnTheWay > 0 || drainingOnTheWay > 0;
  }

  /** Why the last connect failed that did, or null if none did. */
  @Nullable Status lastError() {
    return lastError;
  }

  /** Whether any backend is ready or on its way to be; read by anyone. */
  boolean anyUsable() {
    return anyUsable;
  }

  /**
   * Raised before each change and after it; read by anyone. Each change is followed by a
   * publication. Who reads one version before and after, that of the last publication, saw no
   * change half done, neither here nor of a backend's connection.
   */
  int version() {
    return version.get();
  }

  /** Changes a backend's connection, and counts it anew. */
  void change(LiveBackend backend, Runnable change) {
    version.incrementAndGet();
    change.run();
    update(backend);
  }

  /** Counts a backend that is new or has changed. */
  void update(LiveBackend backend) {
    Standing now = new Standing(backend.state(), backend.isDraining());
    if (now.state() == TRANSIENT_FAILURE) {
      lastError = backend.lastError();
    }
    Standing last = standings.put(backend, now);
    if (!now.equals(last)) {
      version.incrementAndGet();
      if (last != null) {
        uncount(backend, last);
      }
      count(backend, now);
      choose();
      version.incrementAndGet();
    }
  }

  /** Forgets a backend that is no longer listed. */
  void remove(LiveBackend backend) {
    Standing last = standings.remove(backend);
    if (last != null) {
      version.incrementAndGet();
      uncount(backend, last);
      choose();
      version.incrementAndGet();
    }
  }

  private void count(LiveBackend backend, Standing standing) {
    if (standing.state() == READY) {
      (standing.draining() ? draining : serving).add(backend);
    } else {
      countOnTheWay(standing, 1);
    }
  }

  private void uncount(LiveBackend backend, Standing standing) {
    if (standing.state() == READY) {
      (standing.draining() ? draining : serving).remove(backend);
    } else {
      countOnTheWay(standing, -1);
    }
  }

  private void countOnTheWay(Standing standing, int change) {
    if (standing.state() == IDLE || standing.state() == CONNECTING) {
      if (standing.draining()) {
        drainingOnTheWay += change;
      } else {
        servingOnTheWay += change;
      }
    }
  }

  private void choose() {
    anyUsable = serving.size() > 0 || draining.size() > 0 || anyOnTheWay();
    current = serving.size() == 0 && servingOnTheWay == 0 ? draining : serving;
  }
}
