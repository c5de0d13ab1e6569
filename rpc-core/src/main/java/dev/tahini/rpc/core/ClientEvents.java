package dev.tahini.rpc.core;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Target;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one client's events to all who listen; makes none if nobody does. What one of them throws
 * is logged, and the others and the call go on.
 */
final class ClientEvents implements CallEvents {
  private static final Logger logger = LoggerFactory.getLogger(ClientEvents.class);

  private final Target target;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile List<CallEvents> listeners = List.of();
  private volatile boolean
      heard; // by any of them: each attempt asks, for less than a look at the list

  ClientEvents(Target target) {
    this.target = target;
  }

  void listeners(List<CallEvents> all) {
    listeners = List.copyOf(all);
    heard = !all.isEmpty();
  }

  /** Whether anybody listens: if not, no event need be made. */
  boolean heard() {
    return heard;
  }

  void callStarted(MethodDescriptor<?, ?> method) {
    onCallStart(new CallStarted(target, method));
  }

  void callEnded(MethodDescriptor<?, ?> method, Status status, long latencyNanos) {
    onCallEnd(new CallEnded(target, method, status, latencyNanos));
  }

  void picked(Object attempt, Pick pick, Backend backend) {
    if (heard()) {
      onPick(new Picked(attempt, target, pick, backend));
    }
  }

  void attemptEnded(Object attempt, Pick pick, Backend backend, Status status, long latencyNanos) {
    if (heard()) {
      onAttemptEnd(new AttemptEnded(attempt, target, pick, backend, status, latencyNanos));
    }
  }

  void backendState(
      Backend backend, ConnectivityState from, ConnectivityState to, @Nullable Status error) {
    if (heard()) {
      onBackendState(new BackendStateChanged(target, backend, from, to, error));
    }
  }

  void endpoints(Backends.Change change, int size) {
    if (heard()) {
      onEndpoints(
          new EndpointsChanged(target, change.added(), change.removed(), change.changed(), size));
    }
  }

  void endpointsApplied(List<Endpoint> endpoints) {
    if (heard()) {
      onEndpointsApplied(new EndpointsApplied(target, endpoints));
    }
  }

  void discoveryError(Status error) {
    if (heard()) {
      onDiscoveryError(new DiscoveryFailed(target, error));
    }
  }

  @Override
  public void onCallStart(CallStarted event) {
    each(listener -> listener.onCallStart(event));
  }

  @Override
  public void onCallEnd(CallEnded event) {
    each(listener -> listener.onCallEnd(event));
  }

  @Override
  public void onPick(Picked event) {
    each(listener -> listener.onPick(event));
  }

  @Override
  public void onAttemptEnd(AttemptEnded event) {
    each(listener -> listener.onAttemptEnd(event));
  }

  @Override
  public void onBackendState(BackendStateChanged event) {
    each(listener -> listener.onBackendState(event));
  }

  @Override
  public void onEndpoints(EndpointsChanged event) {
    each(listener -> listener.onEndpoints(event));
  }

  @Override
  public void onEndpointsApplied(EndpointsApplied event) {
    each(listener -> listener.onEndpointsApplied(event));
  }

  @Override
  public void onDiscoveryError(DiscoveryFailed event) {
    each(listener -> listener.onDiscoveryError(event));
  }

  @Override
  public void onRetry(RetryDecided event) {
    each(listener -> listener.onRetry(event));
  }

  @Override
  public void onHedge(HedgeDue event) {
    each(listener -> listener.onHedge(event));
  }

  @Override
  public void onClientClosed() {
    each(CallEvents::onClientClosed);
  }

  private void each(Consumer<CallEvents> call) {
    for (CallEvents listener : listeners) {
      try {
        call.accept(listener);
      } catch (RuntimeException | Error e) {
        String name = listener.getClass().getName();
        if (warned.compareAndSet(false, true)) {
          logger.warn("{}: {} failed on an event; more of it at debug level", target, name, e);
        } else {
          logger.debug("{}: {} failed on an event", target, name, e);
        }
      }
    }
  }
}
