package dev.tahini.rpc.testing;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.SocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TestDiscovery} says of one target. Each method changes what is known and tells
 * every client that watches; {@link TestDiscovery#awaitApplied()} waits until they use it.
 *
 * <p>Thread-safe: the state is guarded by this object's monitor, and delivered in order by a
 * synchronization context, outside of the monitor.
 */
public final class TestEndpoints {
  private final Target target;
  private final InstantSource clock;
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private final SynchronizationContext serially =
      new SynchronizationContext((thread, e) -> thrown.add(e));
  private final List<Watch> watches = new ArrayList<>();
  private Said said;
  private int refreshes;
  private @Nullable Instant lastConfirmed;

  TestEndpoints(Target target, InstantSource clock, Said said) {
    this.target = target;
    this.clock = clock;
    this.said = said;
  }

  /**
   * Lists these and no others; ends a failure.
   *
   * @param endpoints all of them; none is an empty list
   * @throws InvalidValueException if an address is among them twice
   */
  public void set(Endpoint... endpoints) {
    set(List.of(endpoints));
  }

  /**
   * Lists these and no others; ends a failure.
   *
   * @param endpoints all of them; may be empty
   * @throws InvalidValueException if an address is among them twice
   */
  public void set(List<Endpoint> endpoints) {
    change(now -> now.listing(endpoints));
  }

  /**
   * Lists one more, or, where its address is listed, what has become of that one.
   *
   * @param endpoint the new one
   */
  public void add(Endpoint endpoint) {
    change(now -> now.adding(endpoint));
  }

  /**
   * Lists one no more.
   *
   * @param address of the one that leaves
   * @throws InvalidValueException if it is not listed
   */
  public void remove(SocketAddress address) {
    change(
        now -> {
          if (!now.lists(address)) {
            throw new InvalidValueException(
                "address", address, "one of those listed: " + now.known());
          }
          return now.without(address);
        });
  }

  /** Says for sure that there are none. */
  public void empty() {
    set();
  }

  /**
   * Fails: clients go on with the last list.
   *
   * @param status why; not OK
   * @throws InvalidValueException if it is OK
   */
  public void fail(Status status) {
    change(now -> now.failing(status));
  }

  /** Says nothing any more, as a source that hangs; what is set meanwhile is told on resuming. */
  public void goSilent() {
    change(Said::goingSilent);
  }

  /** Speaks again. */
  public void resume() {
    change(Said::speaking);
  }

  /**
   * How often a client has asked for a look-up because its connections fail.
   *
   * @return the count of {@link Discovery.Subscription#refresh} by all watches
   */
  public synchronized int refreshes() {
    return refreshes;
  }

  /**
   * How many clients watch.
   *
   * @return watches that are open
   */
  public synchronized int watches() {
    return watches.size();
  }

  private void change(UnaryOperator<Said> change) {
    update(change);
    deliver();
  }

  synchronized Said said() {
    return said;
  }

  /** Changes what is said and queues it for the watches, in the order of changes. */
  synchronized void update(UnaryOperator<Said> change) {
    Said next = change.apply(said);
    said = next;
    if (!next.silent()) {
      watches.forEach(this::tell);
    }
  }

  /** Delivers what is queued; what a listener throws comes out when all have heard. */
  void deliver() {
    serially.drain();
    Throwable failure = thrown.poll();
    if (failure != null) {
      throw new IllegalStateException("a listener of TestDiscovery threw: " + failure, failure);
    }
  }

  Watch watch(Discovery.Listener listener) {
    Watch watch = new Watch(this, listener);
    synchronized (this) {
      watches.add(watch);
      if (!said.silent()) {
        tell(watch);
      }
    }
    deliver();
    return watch;
  }

  private void tell(Watch watch) {
    List<Endpoint> list = said.list();
    Status error = said.error();
    if (error == null && list != null) {
      lastConfirmed = clock.instant();
    }
    if (list != null && !watch.knows(list)) {
      watch.told = list;
      serially.executeLater(() -> watch.deliver(listener -> listener.onEndpoints(list)));
    } else if (error == null && watch.toldError) {
      serially.executeLater(() -> watch.deliver(Discovery.Listener::onConfirmed));
    }
    watch.toldError = error != null;
    if (error != null) {
      serially.executeLater(() -> watch.deliver(listener -> listener.onError(error)));
    }
  }

  Target target() {
    return target;
  }

  /** The watches of clients that nobody tells of. */
  synchronized long unlinkedWatches() {
    return watches.stream().filter(watch -> !watch.linked).count();
  }

  /** The target, and what is said of it. */
  @Override
  public synchronized String toString() {
    return target + ": " + said;
  }

  /** One client's watch. What it was told is guarded by the monitor of the source. */
  static final class Watch implements Discovery.Subscription {
    private final TestEndpoints source;
    private final Discovery.Listener listener;
    private @Nullable List<Endpoint> told;
    private boolean toldError;
    private volatile boolean linked;
    private volatile boolean closed;

    Watch(TestEndpoints source, Discovery.Listener listener) {
      this.source = source;
      this.listener = listener;
    }

    private boolean knows(List<Endpoint> list) {
      return told != null && new HashSet<>(told).equals(new HashSet<>(list));
    }

    private void deliver(Consumer<Discovery.Listener> delivery) {
      if (!closed) {
        delivery.accept(listener);
      }
    }

    /** Somebody tells what the client of this watch applies. */
    void link() {
      linked = true;
    }

    boolean isOpen() {
      return !closed;
    }

    /** Whether a client uses the last list that this watch was told; compared by identity. */
    boolean hasTold(@Nullable List<Endpoint> applied) {
      synchronized (source) {
        return told == applied;
      }
    }

    @Override
    public void close() {
      closed = true;
      synchronized (source) {
        source.watches.remove(this);
      }
    }

    @Override
    public void refresh() {
      synchronized (source) {
        source.refreshes++;
      }
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      synchronized (source) {
        return source.lastConfirmed;
      }
    }
  }
}
