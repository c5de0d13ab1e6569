package dev.tahini.rpc.testing;

import dev.tahini.rpc.InvalidValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The backends of a cluster by their names. Thread-safe, guarded by its monitor. */
final class Members {
  private final Map<String, TestBackend> byName = new LinkedHashMap<>();
  private final Set<String> starting = new HashSet<>();
  private boolean closed;

  /**
   * Takes a name for a backend that is to start.
   *
   * @throws InvalidValueException if it is taken or blank
   */
  synchronized void reserve(String name) {
    requireOpen();
    if (name.isBlank()) {
      throw new InvalidValueException("backend", name, "a name");
    }
    if (byName.containsKey(name) || !starting.add(name)) {
      throw new InvalidValueException("backend", name, "a name of its own; taken are " + names());
    }
  }

  /** Gives a name back whose backend did not start. */
  synchronized void cancel(String name) {
    starting.remove(name);
  }

  synchronized void add(TestBackend started) {
    requireOpen();
    starting.remove(started.name());
    byName.put(started.name(), started);
  }

  synchronized TestBackend get(String name) {
    TestBackend backend = byName.get(name);
    if (backend == null) {
      throw new InvalidValueException("backend", name, "one of " + names());
    }
    return backend;
  }

  private List<String> names() {
    return List.copyOf(byName.keySet());
  }

  synchronized void remove(TestBackend backend) {
    byName.remove(backend.name(), backend);
  }

  synchronized List<TestBackend> all() {
    return new ArrayList<>(byName.values());
  }

  synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("test cluster: closed (expected: an open one)");
    }
  }

  /** Whether this closed it: the backends stay known. */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
