package dev.tahini.rpc.core;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
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
final class LeastLoadedPicker implements Picker {
  private static final int SCANNED_WHOLE = 4;

  private final Picker.Backends backends;
  private final Supplier<? extends RandomGenerator> random;

  LeastLoadedPicker(Picker.Backends backends, Supplier<? extends RandomGenerator> random) {
    this.backends = backends;
    this.random = random;
  }

  @Override
  public @Nullable Backend pick(PickRequest request) {
    ReadySet ready = backends.ready();
    Attempts attempts = request.attempts();
    int size = ready.size();
    if (size == 0) {
      return null;
    }
    long draw = random.get().nextLong();
    if (size <= SCANNED_WHOLE) {
      return least(ready, size, draw, attempts);
    }
    int first = Draw.index(draw, size);
    // The second from the others, so that it is never the first again.
    int second = first + 1 + Draw.secondIndex(draw, size - 1);
    Backend drawn =
        better(ready.get(first), ready.get(second < size ? second : second - size), attempts);
    if (drawn == null || attempts.tried(drawn)) {
      // Among one more than were tried is one that was not; one more still, for a slot that is
      // free.
      return best(ready, first, Math.min(attempts.size() + 2, size), size, attempts);
    }
    return drawn;
  }

  /** The least loaded of all; of equals each with the same probability. */
  private static @Nullable Backend least(
      ReadySet ready, int size, long firstDraw, Attempts attempts) {
    Backend least = null;
    int equals = 0;
    long draw = firstDraw;
    for (int i = 0; i < size; i++) {
      Backend next = ready.get(i);
      if (next == null) {
        continue;
      }
      int order = least == null ? -1 : compare(next, least, attempts);
      equals = order == 0 ? equals + 1 : order < 0 ? 1 : equals;
      draw = order == 0 ? Draw.next(draw) : draw;
      if (order < 0 || (order == 0 && Draw.index(draw, equals) == 0)) {
        least = next;
      }
    }
    return least;
  }

  /** The best of some neighbours. */
  private static @Nullable Backend best(
      ReadySet ready, int start, int count, int size, Attempts attempts) {
    Backend best = null;
    for (int i = 0; i < count; i++) {
      int index = start + i;
      best = better(best, ready.get(index < size ? index : index - size), attempts);
    }
    return best;
  }

  /** The first where they are equal: which of two comes first is random. */
  private static @Nullable Backend better(
      @Nullable Backend a, @Nullable Backend b, Attempts attempts) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return compare(b, a, attempts) < 0 ? b : a;
  }

  private static int compare(Backend a, Backend b, Attempts attempts) {
    if (attempts.size() > 0 && attempts.tried(a) != attempts.tried(b)) {
      return attempts.tried(a) ? 1 : -1;
    }
    return Long.compare(cost(a, b), cost(b, a));
  }

  /** In flight with this call, by the other's weight: compares the quotients without dividing. */
  private static long cost(Backend backend, Backend other) {
    return (backend.inFlight() + 1L) * other.endpoint().weight();
  }
}
