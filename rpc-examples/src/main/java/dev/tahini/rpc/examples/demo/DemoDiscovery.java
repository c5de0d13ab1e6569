package dev.tahini.rpc.examples.demo;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A discovery that lists what its program tells it, for targets such as {@code demo:///servers}. An
 * example of writing one: its source is a field, so that nothing is left but the contract.
 *
 * <p>Thread-safe: the list is a volatile, each watch has its own lock.
 */
public final class DemoDiscovery implements Discovery {
  /** The scheme of its targets. */
  public static final String SCHEME = "demo";

  private final InstantSource clock;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Answer answer;

  /** What the source said last, and when. */
  private record Answer(Set<Endpoint> endpoints, Instant at) {}

  /**
   * A discovery without an answer yet: calls wait for it.
   *
   * @param clock tells when the source said something
   */
  public DemoDiscovery(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Changes the list of every watch.
   *
   * @param endpoints all that there are from now on
   */
  public void list(Set<Endpoint> endpoints) {
    // Not Set.copyOf: the order given is the order of the client's backends.
    answer = new Answer(new LinkedHashSet<>(endpoints), clock.instant());
    watches.forEach(Watch::deliver);
  }

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    Watch watch = new Watch(listener);
    watches.add(watch);
    watch.deliver(); // after it was added: a change in between is seen twice, rather than never
    return watch;
  }

  /** One watch. What was delivered last is guarded by its lock. */
  private final class Watch implements Subscription {
    private final Listener listener;

    // Held while the listener is called, so that one call ends before the next begins, and none
    // begins
    // after close. Reentrant: a listener may close its own watch.
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Set<Endpoint> delivered;
    private boolean closed;

    Watch(Listener listener) {
      this.listener = listener;
    }

    void deliver() {
      lock.lock();
      try {
        Answer latest = answer;
        if (closed || latest == null || latest.endpoints().equals(delivered)) {
          return;
        }
        delivered = latest.endpoints();
        listener.onEndpoints(List.copyOf(latest.endpoints()));
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        watches.remove(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      Answer latest = answer;
      return latest == null ? null : latest.at();
    }
  }
}
