package dev.tahini.rpc.core;

import dev.tahini.rpc.Picker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A set of backends that is read by index without a lock: adding and removing one costs O(1), the
 * last one taking the place of the one that leaves.
 *
 * <p>Changed only in the balancer's synchronization context. A reader may see an index that has
 * just become free (null), or a backend that has just moved or left; the balancer publishes after
 * each change, so that a call which waits because of that is picked again.
 */
final class SwapRemoveSet implements Picker.ReadySet {
  private final Map<LiveBackend, Integer> indices = new HashMap<>();
  private volatile AtomicReferenceArray<@Nullable LiveBackend> slots =
      new AtomicReferenceArray<>(8);
  private volatile int size;

  @Override
  public int size() {
    return size;
  }

  @Override
  public @Nullable LiveBackend get(int index) {
    AtomicReferenceArray<@Nullable LiveBackend> current = slots;
    return index < current.length() ? current.get(index) : null;
  }

  boolean add(LiveBackend backend) {
    int last = size;
    if (indices.putIfAbsent(backend, last) != null) {
      return false;
    }
    if (last == slots.length()) {
      slots = grown();
    }
    slots.set(last, backend);
    size = last + 1;
    return true;
  }

  boolean remove(LiveBackend backend) {
    Integer index = indices.remove(backend);
    if (index == null) {
      return false;
    }
    int last = size - 1;
    LiveBackend moved = slots.get(last);
    if (moved != null && moved != backend) {
      slots.set(index, moved);
      indices.put(moved, index);
    }
    size = last;
    slots.set(last, null);
    return true;
  }

  private AtomicReferenceArray<@Nullable LiveBackend> grown() {
    AtomicReferenceArray<@Nullable LiveBackend> old = slots;
    AtomicReferenceArray<@Nullable LiveBackend> larger =
        new AtomicReferenceArray<>(2 * old.length());
    for (int i = 0; i < old.length(); i++) {
      larger.setPlain(i, old.get(i));
    }
    return larger;
  }
}
