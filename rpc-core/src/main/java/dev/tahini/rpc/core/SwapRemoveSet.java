package dev.tahini.rpc.core;

import dev.tahini.rpc.Backend;
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
  private final Map<Backend, Integer> indices = new HashMap<>();
  private volatile AtomicReferenceArray<@Nullable Backend> slots = new AtomicReferenceArray<>(8);
  private volatile int size;

  @Override
  public int size() {
    return size;
  }

  @Override
  public @Nullable Backend get(int index) {
    AtomicReferenceArray<@Nullable Backend> current = slots;
    return index < current.length() ? current.get(index) : null;
  }

  boolean add(Backend backend) {
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

  boolean remove(Backend backend) {
    Integer index = indices.remove(backend);
    if (index == null) {
      return false;
    }
    int last = size - 1;
    Backend moved = slots.get(last);
    if (moved != null && moved != backend) {
      slots.set(index, moved);
      indices.put(moved, index);
    }
    size = last;
    slots.set(last, null);
    return true;
  }

  private AtomicReferenceArray<@Nullable Backend> grown() {
    AtomicReferenceArray<@Nullable Backend> old = slots;
    AtomicReferenceArray<@Nullable Backend> larger = new AtomicReferenceArray<>(2 * old.length());
    for (int i = 0; i < old.length(); i++) {
      larger.setPlain(i, old.get(i));
    }
    return larger;
  }
}
