package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import io.grpc.MethodDescriptor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The ready backend with the least in flight for its weight: of two distinct ones drawn at random,
 * or of all where there are at most four.
 *
 * <p>Source: M. Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS
 * 12(10), 2001.
 */
final class LeastLoadedPicker implements BackendPicker {
  private static final int INDEX_BITS = 2;

  /** A draw has lots for so many. */
  private static final int SCANNED_WHOLE = 1 << INDEX_BITS;

  private final ReadyBackends readyBackends;
  private final Supplier<? extends RandomGenerator> random;

  LeastLoadedPicker(ReadyBackends readyBackends, Supplier<? extends RandomGenerator> random) {
    this.readyBackends = readyBackends;
    this.random = random;
  }

  @Override
  public @Nullable LiveBackend pick(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    SwapRemoveSet ready = readyBackends.current();
    int size = ready.size();
    if (size == 0) {
      return null;
    }
    long draw = random.get().nextLong();
    if (size <= SCANNED_WHOLE) {
      return least(ready, size, draw, attempts);
    }
    int first = Draw.index(draw, size);
    int second = Draw.otherIndex(draw, size, first);
    LiveBackend drawn = better(ready.get(first), ready.get(second), attempts);
    return drawn == null || attempts.tried(drawn) ? near(first, ready, size, attempts) : drawn;
  }

  /** The least loaded of all; of equals each with the same probability, by lot. */
  private static @Nullable LiveBackend least(
      SwapRemoveSet ready, int size, long draw, Attempts attempts) {
    if (attempts != Attempts.NONE) {
      return leastByComparing(ready, size, draw, attempts);
    }
    // Load, lot and index in one number, whose least is found without a branch that is guessed
    // wrong half of the time. The bits that all weights have are those that any has if they are
    // even.
    long least = Long.MAX_VALUE;
    int bitsOfAll = -1;
    int bitsOfAny = 0;
    for (int i = 0; i < size; i++) {
      LiveBackend next = ready.get(i);
      if (next == null) {
        return leastByComparing(ready, size, draw, attempts);
      }
      bitsOfAll &= next.weight();
      bitsOfAny |= next.weight();
      long loadAndLot = ((long) next.inFlight() << Draw.LOT_BITS) | Draw.lot(draw, i);
      least = Math.min(least, (loadAndLot << INDEX_BITS) | i);
    }
    return bitsOfAll == bitsOfAny
        ? ready.get((int) least & (SCANNED_WHOLE - 1))
        : leastByComparing(ready, size, draw, attempts);
  }

  private static @Nullable LiveBackend leastByComparing(
      SwapRemoveSet ready, int size, long draw, Attempts attempts) {
    LiveBackend least = null;
    long leastLot = 0;
    for (int i = 0; i < size; i++) {
      LiveBackend next = ready.get(i);
      if (next == null) {
        continue;
      }
      int order = least == null ? -1 : compare(next, least, attempts);
      if (order < 0 || (order == 0 && Draw.lot(draw, i) < leastLot)) {
        least = next;
        leastLot = Draw.lot(draw, i);
      }
    }
    return least;
  }

  /** The best of some neighbours, if there is any that was not tried. */
  private static @Nullable LiveBackend near(
      int start, SwapRemoveSet ready, int size, Attempts attempts) {
    // Among one more than were tried is one that was not; one more still, for a slot that is free.
    int count = Math.min(attempts.size() + 2, size);
    LiveBackend best = null;
    for (int i = 0; i < count; i++) {
      int index = start + i;
      best = better(best, ready.get(index < size ? index : index - size), attempts);
    }
    return best;
  }

  /** The first where they are equal: which of two comes first is random. */
  private static @Nullable LiveBackend better(
      @Nullable LiveBackend a, @Nullable LiveBackend b, Attempts attempts) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return compare(b, a, attempts) < 0 ? b : a;
  }

  private static int compare(LiveBackend a, LiveBackend b, Attempts attempts) {
    if (attempts != Attempts.NONE && attempts.tried(a) != attempts.tried(b)) {
      return attempts.tried(a) ? 1 : -1;
    }
    return Long.compare(cost(a, b), cost(b, a));
  }

  /** In flight with this call, by the other's weight: compares the quotients without dividing. */
  private static long cost(LiveBackend backend, LiveBackend other) {
    return (backend.inFlight() + 1L) * other.weight();
  }
}
