package dev.tahini.rpc.tests;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps all events of the clients that it is given to. Thread-safe. */
final class RecordedEvents implements CallEvents, ClientFeature {
  private final Queue<Picked> picked = new ConcurrentLinkedQueue<>();
  private final Queue<AttemptEnded> ended = new ConcurrentLinkedQueue<>();
  private final Queue<BackendStateChanged> states = new ConcurrentLinkedQueue<>();
  private final Queue<EndpointsChanged> endpoints = new ConcurrentLinkedQueue<>();
  private final Queue<DiscoveryFailed> discoveryFailures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger clientsClosed = new AtomicInteger();
  private final AtomicInteger featureClosed = new AtomicInteger();

  List<Picked> picked() {
    return List.copyOf(picked);
  }

  List<AttemptEnded> ended() {
    return List.copyOf(ended);
  }

  List<BackendStateChanged> states() {
    return List.copyOf(states);
  }

  List<EndpointsChanged> endpoints() {
    return List.copyOf(endpoints);
  }

  List<DiscoveryFailed> discoveryFailures() {
    return List.copyOf(discoveryFailures);
  }

  int clientsClosed() {
    return clientsClosed.get();
  }

  int featureClosed() {
    return featureClosed.get();
  }

  @Override
  public Optional<CallEvents> events(ClientView client) {
    return Optional.of(this);
  }

  @Override
  public void onPick(Picked event) {
    picked.add(event);
  }

  @Override
  public void onAttemptEnd(AttemptEnded event) {
    ended.add(event);
  }

  @Override
  public void onBackendState(BackendStateChanged event) {
    states.add(event);
  }

  @Override
  public void onEndpoints(EndpointsChanged event) {
    endpoints.add(event);
  }

  @Override
  public void onDiscoveryError(DiscoveryFailed event) {
    discoveryFailures.add(event);
  }

  @Override
  public void onClientClosed() {
    clientsClosed.incrementAndGet();
  }

  @Override
  public void close() {
    featureClosed.incrementAndGet();
  }
}
