package dev.tahini.rpc.apiserver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;

/** The last changes. Guarded by the {@link SliceStore}. */
final class History {
  private final Deque<SliceChange> changes = new ArrayDeque<>();
  private final int length;
  private long floor;

  /** Begins at this version. */
  History(int length, long floor) {
    this.length = length;
    this.floor = floor;
  }

  /** The oldest version from which all later changes are known. */
  long floor() {
    return floor;
  }

  void add(SliceChange change) {
    changes.addLast(change);
    while (changes.size() > length) {
      floor = changes.removeFirst().version();
    }
  }

  void forget(long newFloor) {
    changes.clear();
    floor = newFloor;
  }

  /** The changes after the version, and up to so many before them, oldest first. */
  List<SliceChange> after(long version, int earlier) {
    List<SliceChange> found = new ArrayList<>();
    int left = earlier;
    for (Iterator<SliceChange> i = changes.descendingIterator(); i.hasNext(); ) {
      SliceChange change = i.next();
      if (change.version() <= version && left-- <= 0) {
        break;
      }
      found.add(0, change);
    }
    return found;
  }

  /** Takes back all that came after the version. */
  void undo(NavigableMap<String, StoredSlice> slices, long version) {
    for (Iterator<SliceChange> i = changes.descendingIterator(); i.hasNext(); ) {
      SliceChange change = i.next();
      if (change.version() <= version) {
        return;
      }
      if (change.before() == null) {
        slices.remove(change.key());
      } else {
        slices.put(change.key(), change.before());
      }
    }
  }
}
