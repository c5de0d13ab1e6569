package dev.tahini.rpc.apiserver;

import org.jspecify.annotations.Nullable;

/**
 * A slice was created, replaced or deleted. Immutable.
 *
 * @param before null if it was created
 * @param after null if it was deleted
 */
record SliceChange(
    long version, String key, @Nullable StoredSlice before, @Nullable StoredSlice after) {

  /** What a watch sees of it; null for nothing. */
  byte @Nullable [] lineFor(OpenWatch watch) {
    if (after != null && watch.wants(after)) {
      return WatchLine.event(watch.wants(before) ? "MODIFIED" : "ADDED", after);
    }
    return before != null && watch.wants(before)
        ? WatchLine.event("DELETED", before.at(version))
        : null;
  }
}
