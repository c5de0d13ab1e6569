package dev.tahini.rpc.core;

import dev.tahini.rpc.Picker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(LiveBackend[].class);

  private final Map<LiveBackend, Integer> indices = new HashMap<>();
  private volatile @Nullable LiveBackend[] slots = new LiveBackend[8];
  private volatile int size;

  @Override
  public int size() {
    return size;
  }

  @Override
  public @Nullable LiveBackend get(int index) {
    @Nullable LiveBackend[] current = slots;
    return index < current.length ? (LiveBackend) SLOT.getAcquire(current, index) : null;
  }

  boolean add(LiveBackend backend) {
    int last = size;
    if (indices.putIfAbsent(backend, last) != null) {
      return false;
    }
    if (last == slots.length) {
      slots = Arrays.copyOf(slots, 2 * last);
    }
    SLOT.setRelease(slots, last, backend);
    size = last + 1;
    return true;
  }

  boolean remove(LiveBackend backend) {
    Integer index = indices.remove(backend);
    if (index == null) {
      return false;
    }
    int last = size - 1;
    LiveBackend moved = slots[last];
    if (moved != null && moved != backend) {
      SLOT.setRelease(slots, (int) index, moved);
      indices.put(moved, index);
    }
    size = last;
    SLOT.setRelease(slots, last, null);
    return true;
  }
}
