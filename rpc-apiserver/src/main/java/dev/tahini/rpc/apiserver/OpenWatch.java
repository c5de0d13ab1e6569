package dev.tahini.rpc.apiserver;

import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A watch and what it has yet to say. The store adds, under its lock, the connection's thread
 * takes.
 *
 * @see SliceStore
 */
final class OpenWatch {
  private final @Nullable String namespace;
  private final LabelSelector selector;
  private final boolean allowsBookmarks;
  private final BlockingDeque<WatchStep> steps = new LinkedBlockingDeque<>();
  private final AtomicInteger unwritten = new AtomicInteger(1);
  private long after;

  OpenWatch(@Nullable String namespace, LabelSelector selector, boolean allowsBookmarks) {
    this.namespace = namespace;
    this.selector = selector;
    this.allowsBookmarks = allowsBookmarks;
  }

  boolean isFor(String wantedNamespace, String service) {
    return (namespace == null || namespace.equals(wantedNamespace))
        && selector.allowsService(service);
  }

  boolean wants(@Nullable StoredSlice slice) {
    return slice != null
        && (namespace == null || namespace.equals(slice.namespace()))
        && selector.matches(slice.labels());
  }

  /** From now on it sees changes after this version only. Under the store's lock. */
  void startAfter(long version) {
    after = version;
  }

  boolean isAfter(long version) {
    return version > after;
  }

  /** Under the store's lock. */
  void bookmark(long version) {
    if (allowsBookmarks && version >= after) {
      add(WatchStep.line(WatchLine.bookmark(version)));
    }
  }

  void add(WatchStep step) {
    unwritten.incrementAndGet();
    steps.addLast(step);
  }

  void addFirst(WatchStep step) {
    unwritten.incrementAndGet();
    steps.addFirst(step);
  }

  /** Null after so many nanoseconds without one. */
  @Nullable WatchStep next(long nanos) throws InterruptedException {
    return steps.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** A step, or the head of the answer, is on the wire. */
  void written() {
    unwritten.decrementAndGet();
  }

  /** Whether all that it had to say is on the wire. */
  boolean isIdle() {
    return unwritten.get() == 0;
  }
}
