package dev.tahini.rpc.examples.cache;

import dev.tahini.rpc.InvalidValueException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of a cache, as many as fit: the one that was used least recently makes room.
 * Thread-safe, under its own lock.
 *
 * @param <V> what is kept
 */
final class CacheStore<V> {
  private final Map<String, V> entries;

  CacheStore(int maxEntries) {
    if (maxEntries < 1) {
      throw new InvalidValueException("maxEntries", maxEntries, "1 or more");
    }
    this.entries =
        new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > maxEntries;
          }
        };
  }

  Optional<V> get(String key) {
    synchronized (entries) {
      return Optional.ofNullable(entries.get(key));
    }
  }

  void put(String key, V value) {
    synchronized (entries) {
      entries.put(key, value);
    }
  }

  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }
}
