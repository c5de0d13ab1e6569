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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final SynchronizationContext serially =
      new SynchronizationContext(
          (thread, e) -> {
            throw new IllegalStateException("a listener of TestDiscovery threw", e);
          });
  private final List<Watch> watches = new ArrayList<>();
  private @Nullable List<Endpoint> list;
  private @Nullable List<Endpoint> told;
  private @Nullable Status error;
  private boolean silent;
  private int refreshes;
  private @Nullable Instant lastConfirmed;

  TestEndpoints(Target target, InstantSource clock) {
    this.target = target;
    this.clock = clock;
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
    change(known -> List.copyOf(endpoints));
  }

  /**
   * Lists one more, or, where its address is listed, what has become of that one.
   *
   * @param endpoint the new one
   */
  public void add(Endpoint endpoint) {
    change(
        known -> {
          Map<SocketAddress, Endpoint> byAddress = byAddress(known);
          byAddress.put(endpoint.address(), endpoint);
          return List.copyOf(byAddress.values());
        });
  }

  /**
   * Lists one no more.
   *
   * @param address of the one that leaves
   * @throws InvalidValueException if it is not listed
   */
  public void remove(SocketAddress address) {
    change(
        known -> {
          Map<SocketAddress, Endpoint> byAddress = byAddress(known);
          if (byAddress.remove(address) == null) {
            throw new InvalidValueException("address", address, "one of those listed: " + known);
          }
          return List.copyOf(byAddress.values());
        });
  }

  /** Lists one no more, if it is listed. */
  void delist(SocketAddress address) {
    synchronized (this) {
      if (list == null || list.stream().noneMatch(e -> e.address().equals(address))) {
        return;
      }
    }
    change(known -> List.copyOf(known.stream().filter(e -> !e.address().equals(address)).toList()));
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
    if (status.isOk()) {
      throw new InvalidValueException("status", status, "an error");
    }
    synchronized (this) {
      error = status;
      tellAll();
    }
    serially.drain();
  }

  /** Says nothing any more, as a source that hangs; what is set meanwhile is told on resuming. */
  public synchronized void goSilent() {
    silent = true;
  }

  /** Speaks again. */
  public void resume() {
    synchronized (this) {
      silent = false;
      tellAll();
    }
    serially.drain();
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

  private void change(UnaryOperator<List<Endpoint>> operator) {
    synchronized (this) {
      List<Endpoint> known = list;
      List<Endpoint> next = operator.apply(known == null ? List.of() : known);
      byAddress(next);
      boolean same = known != null && new HashSet<>(known).equals(new HashSet<>(next));
      list = same ? known : next;
      error = null;
      tellAll();
    }
    serially.drain();
  }

  /** By address, in order. */
  private static Map<SocketAddress, Endpoint> byAddress(List<Endpoint> endpoints) {
    Map<SocketAddress, Endpoint> byAddress = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      if (byAddress.put(endpoint.address(), endpoint) != null) {
        throw new InvalidValueException(
            "address", endpoint.addressText(), "each address once in " + endpoints);
      }
    }
    return byAddress;
  }

  /** Takes over what another target's source says; for a target that nobody has watched yet. */
  synchronized void copy(TestEndpoints other) {
    synchronized (other) {
      list = other.list;
      told = other.told;
      error = other.error;
      silent = other.silent;
    }
  }

  Watch watch(Discovery.Listener listener) {
    Watch watch = new Watch(this, listener);
    synchronized (this) {
      watches.add(watch);
      if (!silent) {
        tell(watch);
      }
    }
    serially.drain();
    return watch;
  }

  private void tellAll() {
    if (!silent) {
      told = list;
      watches.forEach(this::tell);
    }
  }

  /** Queues what is new to a watch: deliveries come in the order of the changes. */
  private void tell(Watch watch) {
    List<Endpoint> known = list;
    Status failure = error;
    if (failure == null && known != null) {
      lastConfirmed = clock.instant();
    }
    if (known != null && known != watch.told) {
      watch.told = known;
      serially.executeLater(() -> watch.deliver(listener -> listener.onEndpoints(known)));
    } else if (failure == null && watch.toldError) {
      serially.executeLater(() -> watch.deliver(Discovery.Listener::onConfirmed));
    }
    watch.toldError = failure != null;
    if (failure != null) {
      serially.executeLater(() -> watch.deliver(listener -> listener.onError(failure)));
    }
  }

  /** Whether a list is the last one that watches were told; compared by identity. */
  synchronized boolean isLastTold(@Nullable List<Endpoint> applied) {
    return told == applied;
  }

  Target target() {
    return target;
  }

  /** What is known, and how the source is. */
  @Override
  public synchronized String toString() {
    return target + ": " + (error != null ? error : list) + (silent ? ", silent" : "");
  }

  /** One client's watch. What it was told is guarded by the monitor of the source. */
  static final class Watch implements Discovery.Subscription {
    private final TestEndpoints source;
    private final Discovery.Listener listener;
    private @Nullable List<Endpoint> told;
    private boolean toldError;
    private volatile boolean closed;

    Watch(TestEndpoints source, Discovery.Listener listener) {
      this.source = source;
      this.listener = listener;
    }

    private void deliver(Consumer<Discovery.Listener> delivery) {
      if (!closed) {
        delivery.accept(listener);
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
