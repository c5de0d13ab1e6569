package dev.tahini.rpc.tests.faults;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import io.grpc.ConnectivityState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The attempts that were begun on each backend while the client took it for connected, but for
 * those that ended well: once it is dead, what was in flight on it. Thread-safe.
 */
final class UnansweredAttempts implements ClientFeature, CallEvents {
  private final Map<String, Set<Object>> attempts = new ConcurrentHashMap<>();

  @Override
  public Optional<CallEvents> events(ClientView client) {
    return Optional.of(this);
  }

  /** Told before gRPC sends anything: what is begun later meets a connection that is closed. */
  @Override
  public void onPick(Picked event) {
    if (event.backend().state() == ConnectivityState.READY) {
      on(event.backend().address()).add(event.attempt());
    }
  }

  @Override
  public void onAttemptEnd(AttemptEnded event) {
    if (event.status().isOk()) {
      on(event.backend().address()).remove(event.attempt());
    }
  }

  private Set<Object> on(String address) {
    return attempts.computeIfAbsent(address, a -> ConcurrentHashMap.newKeySet());
  }

  /** How many of them a backend has. */
  int count(String address) {
    return on(address).size();
  }
}
