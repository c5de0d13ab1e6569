package dev.tahini.rpc.debug.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last 50 changes; those that repeat the one before are counted. Thread-safe. */
final class ChangeLog {
  private static final int SIZE = 50;

  private final Deque<Change> changes = new ArrayDeque<>(); // guarded by this

  synchronized void add(Change change) {
    Change last = changes.peekLast();
    if (last != null && last.isLike(change)) {
      changes.removeLast();
      changes.addLast(last.again(change));
      return;
    }
    if (changes.size() == SIZE) {
      changes.removeFirst();
    }
    changes.addLast(change);
  }

  synchronized List<Change> all() {
    return List.copyOf(changes);
  }
}
