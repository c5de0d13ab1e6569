package dev.tahini.rpc.apiserver;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The slices, their history, and the open watches. Its monitor guards all of them, so that a watch
 * misses nothing between its start and the first change; no foreign code runs under it.
 * Thread-safe.
 */
final class SliceStore {
  private final NavigableMap<String, StoredSlice> slices = new TreeMap<>();
  private final Map<String, String> contents = new HashMap<>();
  private final Set<OpenWatch> watches = new LinkedHashSet<>();
  private final History history;
  private final Random uids;
  private final FaultState faults;
  private final Progress progress;
  private long version = 100;

  SliceStore(int historyLength, long seed, FaultState faults, Progress progress) {
    this.history = new History(historyLength, version);
    this.uids = new Random(seed);
    this.faults = faults;
    this.progress = progress;
  }

  synchronized long version() {
    return version;
  }

  synchronized void put(JsonObject json) {
    String key = SliceJson.key(json);
    String content = SliceJson.text(json);
    StoredSlice before = slices.get(key);
    if (before != null && content.equals(contents.get(key))) {
      return;
    }
    String uid = before == null ? newUid() : before.uid();
    long generation = before == null ? 1 : before.generation() + 1;
    StoredSlice after = SliceJson.stored(json, uid, generation, version + 1);
    contents.put(key, content);
    slices.put(key, after);
    commit(key, before, after);
  }

  synchronized void delete(String namespace, String name) {
    String key = StoredSlice.key(namespace, name);
    StoredSlice before = slices.remove(key);
    if (before != null) {
      contents.remove(key);
      commit(key, before, null);
    }
  }

  synchronized void deleteService(String namespace, String service) {
    for (StoredSlice slice : List.copyOf(slices.values())) {
      if (slice.isFor(namespace, service)) {
        delete(namespace, slice.name());
      }
    }
  }

  synchronized void compact() {
    version++;
    history.forget(version);
  }

  synchronized void restore(long newVersion) {
    version = newVersion;
    history.forget(newVersion);
    slices.replaceAll((key, slice) -> slice.version() > newVersion ? slice.at(newVersion) : slice);
  }

  synchronized ListAnswer list(SlicePath path, Query query) throws Refusal {
    return new ListReading(slices, history, version).read(path, query);
  }

  /** Adds a watch, with all that it has to say first. */
  synchronized void open(OpenWatch watch, Query query) throws Refusal {
    long from = query.number("resourceVersion");
    if (from == 0) {
      watch.startAfter(version);
      slices.values().stream()
          .filter(watch::wants)
          .forEach(s -> watch.add(WatchStep.line(WatchLine.event("ADDED", s))));
    } else if (from < history.floor()) {
      watch.add(WatchStep.line(WatchLine.error(ApiStatus.tooOld(from, history.floor()))));
      watch.add(WatchStep.end());
    } else {
      watch.startAfter(from);
      if (from <= version) {
        history.after(from, faults.replayedChanges).forEach(change -> tell(watch, change));
      }
    }
    watches.add(watch);
    progress.changed();
  }

  synchronized void close(OpenWatch watch) {
    watches.remove(watch);
    progress.changed();
  }

  synchronized List<OpenWatch> watches() {
    return List.copyOf(watches);
  }

  synchronized void bookmark(OpenWatch watch) {
    watch.bookmark(version);
  }

  synchronized void bookmarkAll() {
    watches.forEach(watch -> watch.bookmark(version));
  }

  synchronized void sendAll(WatchStep... steps) {
    for (OpenWatch watch : watches) {
      for (WatchStep step : steps) {
        watch.add(step);
      }
    }
  }

  synchronized void sendAllFirst(WatchStep step) {
    watches.forEach(watch -> watch.addFirst(step));
  }

  private void commit(String key, @Nullable StoredSlice before, @Nullable StoredSlice after) {
    version++;
    SliceChange change = new SliceChange(version, key, before, after);
    history.add(change);
    for (OpenWatch watch : watches) {
      if (watch.isAfter(version)) {
        tell(watch, change);
      }
    }
  }

  private void tell(OpenWatch watch, SliceChange change) {
    byte[] line = change.lineFor(watch);
    if (line != null) {
      watch.add(WatchStep.line(line));
      if (faults.duplicates.test(change.version())) {
        watch.add(WatchStep.line(line));
      }
    }
  }

  private String newUid() {
    return new UUID(uids.nextLong(), uids.nextLong()).toString();
  }
}
