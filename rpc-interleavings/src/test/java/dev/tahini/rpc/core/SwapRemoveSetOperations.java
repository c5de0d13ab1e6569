package dev.tahini.rpc.core;

import dev.tahini.rpc.Backend;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * A reader of the set gets a backend that was in it at some moment of the read, or none; also while
 * the set grows. Who reads twice may see a change half done: that is why a set is no snapshot.
 */
@Param(name = "backend", gen = IntGen.class, conf = "6:8")
@Param(name = "index", gen = IntGen.class, conf = "0:8")
public final class SwapRemoveSetOperations {
  private static final int AT_FIRST = 8; // as many as there is room for

  private final List<LiveBackend> all = new SharedState(9).listed;
  private final SwapRemoveSet set = new SwapRemoveSet();

  /** Odd from before a backend is added until after it was removed. */
  private final AtomicIntegerArray changes = new AtomicIntegerArray(all.size());

  private boolean filled;

  @Operation(nonParallelGroup = "balancer")
  public void add(@Param(name = "backend") int backend) {
    fill();
    if (!isIn(changes.get(backend))) {
      changes.incrementAndGet(backend);
      set.add(all.get(backend));
    }
  }

  @Operation(nonParallelGroup = "balancer")
  public void remove(@Param(name = "backend") int backend) {
    fill();
    if (isIn(changes.get(backend))) {
      set.remove(all.get(backend));
      changes.incrementAndGet(backend);
    }
  }

  private void fill() {
    if (!filled) {
      filled = true;
      for (int i = 0; i < AT_FIRST; i++) {
        int backend = (i + AT_FIRST - 1) % AT_FIRST; // 7 is the first of the set, 6 its last
        changes.incrementAndGet(backend);
        set.add(all.get(backend));
      }
    }
  }

  /** Whether the read was right, which it is in any order. */
  @Operation
  public boolean get(@Param(name = "index") int index) {
    int[] before = new int[all.size()];
    for (int i = 0; i < before.length; i++) {
      before[i] = changes.get(i);
    }
    Backend read = set.get(index);
    if (read == null) {
      return true;
    }
    int backend = all.indexOf(read);
    return isIn(before[backend]) || changes.get(backend) != before[backend];
  }

  private static boolean isIn(int changes) {
    return changes % 2 == 1;
  }

  /**
   * What is left when all operations have ended: those that are in it, without a hole, and no more.
   */
  @Validate
  public void holdsWhatWasAdded() {
    int in = 0;
    for (int i = 0; i < changes.length(); i++) {
      in += isIn(changes.get(i)) ? 1 : 0;
    }
    if (set.size() != in) {
      throw new IllegalStateException("size: " + set.size() + " (expected: " + in + ")");
    }
    if (set.get(in) != null) {
      throw new IllegalStateException(in + ": " + set.get(in) + " (expected: none)");
    }
    for (int i = 0; i < in; i++) {
      Backend backend = set.get(i);
      if (backend == null || !isIn(changes.get(all.indexOf(backend)))) {
        throw new IllegalStateException(i + ": " + backend + " (expected: one that is in the set)");
      }
    }
  }

  /** What each operation gives, in any order. */
  public static final class Expected {
    public void add(int backend) {}

    public void remove(int backend) {}

    public boolean get(int index) {
      return true;
    }
  }
}
