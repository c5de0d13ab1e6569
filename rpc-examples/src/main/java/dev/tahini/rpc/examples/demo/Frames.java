package dev.tahini.rpc.examples.demo;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.tahini.rpc.BackendSnapshot;
import dev.tahini.rpc.ClientView;
import io.grpc.ConnectivityState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the client and the meter for each frame. Confined to the thread that shows them. */
final class Frames {
  private final ClientView client;
  private final CallMeter meter;
  private final List<String> keys;
  private final long startNanos = System.nanoTime();
  private Map<String, ConnectivityState> mappedStates = Map.of();
  private KeyMap keyMap = new KeyMap(Map.of());

  Frames(ClientView client, CallMeter meter, List<String> keys) {
    this.client = client;
    this.meter = meter;
    this.keys = List.copyOf(keys);
  }

  Frame next(String title) {
    List<BackendSnapshot> backends = client.snapshot().backends();
    Map<String, Integer> counts = keyMap(backends).counts();
    SceneMeter scene = meter.scene();
    return new Frame(
        title,
        elapsed(),
        meter.calls(),
        meter.failed(),
        backends.stream()
            .map(backend -> Frame.Row.of(backend, scene, keyCount(counts, backend.address())))
            .toList());
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Calls on a backend now. */
  int inFlight(String address) {
    return client.snapshot().backends().stream()
        .filter(backend -> backend.address().equals(address))
        .mapToInt(BackendSnapshot::inFlight)
        .sum();
  }

  /** Whether these are the backends that the client knows now, no more and no less. */
  boolean areListed(List<String> addresses) {
    List<BackendSnapshot> backends = client.snapshot().backends();
    return Set.copyOf(addresses)
        .equals(backends.stream().map(BackendSnapshot::address).collect(toSet()));
  }

  /** Who serves which key now. */
  KeyMap keyMap() {
    return keyMap(client.snapshot().backends());
  }

  /** Asks a thousand times only if something changed that the answers depend on. */
  private KeyMap keyMap(List<BackendSnapshot> backends) {
    Map<String, ConnectivityState> states =
        backends.stream().collect(toMap(BackendSnapshot::address, BackendSnapshot::state));
    if (!states.equals(mappedStates)) {
      keyMap = KeyMap.of(client, keys);
      mappedStates = states;
    }
    return keyMap;
  }

  private OptionalInt keyCount(Map<String, Integer> counts, String address) {
    return keys.isEmpty() ? OptionalInt.empty() : OptionalInt.of(counts.getOrDefault(address, 0));
  }
}
