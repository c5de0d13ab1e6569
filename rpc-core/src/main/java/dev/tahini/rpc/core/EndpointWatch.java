package dev.tahini.rpc.core;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's one watch of its target. It applies each list to the {@link Backends} and passes it
 * to the name resolvers that gRPC has attached, of which there is none while the channel is idle;
 * one that attaches later gets what is known at once. What the discovery says is taken in one piece
 * after the other, in a synchronization context of the watch's own.
 *
 * <p>Who is attached may hear the same twice, or an older list after a newer: the balancer reads
 * the newest from the backends, so that a notice is all that it needs.
 */
final class EndpointWatch implements Discovery, Discovery.Listener, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(EndpointWatch.class);

  private final Target target;
  private final Discovery discovery;
  private final Backends backends;
  private final ClientEvents events;
  private final SynchronizationContext serially;
  private final List<Discovery.Listener> attached = new CopyOnWriteArrayList<>();
  private volatile @Nullable Subscription subscription;
  private volatile @Nullable List<Endpoint> lastList;
  private volatile @Nullable Status lastError;
  private volatile boolean closed;

  EndpointWatch(Target target, Discovery discovery, Backends backends, ClientEvents events) {
    this.target = target;
    this.discovery = discovery;
    this.backends = backends;
    this.events = events;
    this.serially =
        new SynchronizationContext(
            (thread, e) -> logger.error("{}: a list could not be taken in", target, e));
  }

  /**
   * Begins to watch.
   *
   * @throws dev.tahini.rpc.InvalidValueException if the discovery cannot serve the target
   */
  void start() {
    Subscription started;
    try {
      started = discovery.watch(target, this);
    } catch (InvalidValueException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalStateException(target + ": " + kind() + " failed to watch it: " + e, e);
    }
    if (started == null) {
      throw new IllegalStateException(target + ": " + kind() + ".watch returned null");
    }
    subscription = started;
  }

  @Override
  public void onEndpoints(List<Endpoint> endpoints) {
    if (endpoints == null || endpoints.stream().anyMatch(Objects::isNull)) {
      throw new NullPointerException(target + ": " + kind() + " listed null: " + endpoints);
    }
    List<Endpoint> list = List.copyOf(endpoints);
    serially.execute(() -> apply(list));
  }

  private void apply(List<Endpoint> endpoints) {
    if (closed) {
      return;
    }
    lastError = null;
    Backends.Change change = backends.apply(endpoints);
    lastList = endpoints;
    if (!change.isNone()) {
      events.endpoints(change, backends.current().backends().size());
    }
    attached.forEach(listener -> listener.onEndpoints(endpoints));
  }

  @Override
  public void onError(Status error) {
    Status failure =
        error.isOk()
            ? Status.UNAVAILABLE.withDescription(kind() + " reported an error with status OK")
            : error;
    serially.execute(() -> fail(failure));
  }

  private void fail(Status error) {
    if (closed) {
      return;
    }
    if (lastError == null) {
      logger.warn("{}: discovery failed: {}", target, why(error), error.getCause());
    }
    lastError = error;
    events.discoveryError(error);
    if (lastList == null) {
      attached.forEach(listener -> listener.onError(neverAnswered(error)));
    }
  }

  @Override
  public void onConfirmed() {
    serially.execute(() -> lastError = null);
  }

  /** Heard by calls only before the first list: later ones go on with the last. */
  private Status neverAnswered(Status error) {
    return Status.UNAVAILABLE
        .withDescription(target + ": discovery has not answered yet: " + why(error))
        .withCause(error.getCause());
  }

  /** A status in words. */
  static String why(Status error) {
    return error.getDescription() == null ? error.getCode().name() : error.getDescription();
  }

  /** Attaches a name resolver of the channel. */
  @Override
  public Subscription watch(Target sameTarget, Discovery.Listener listener) {
    attached.add(listener);
    List<Endpoint> list = lastList;
    Status error = lastError;
    if (list != null) {
      listener.onEndpoints(list);
    } else if (error != null) {
      listener.onError(neverAnswered(error));
    }
    return new Attachment(listener);
  }

  private final class Attachment implements Subscription {
    private final Discovery.Listener listener;

    Attachment(Discovery.Listener listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      attached.remove(listener);
    }

    @Override
    public void refresh() {
      Subscription watching = subscription;
      if (watching != null) {
        watching.refresh();
      }
    }

    @Override
    public @Nullable Instant lastConfirmed() {
      return EndpointWatch.this.lastConfirmed();
    }
  }

  @Override
  public Set<String> schemes() {
    return discovery.schemes();
  }

  /** The kind of the discovery, for pages. */
  String kind() {
    return discovery.getClass().getSimpleName();
  }

  /** When discovery last said anything good, or null if it never has. */
  @Nullable Instant lastConfirmed() {
    Subscription watching = subscription;
    return watching == null ? null : watching.lastConfirmed();
  }

  /** Why discovery fails now, or null if it works. */
  @Nullable Status lastError() {
    return lastError;
  }

  @Override
  public void close() {
    closed = true;
    Subscription watching = subscription;
    if (watching != null) {
      watching.close();
    }
  }
}
