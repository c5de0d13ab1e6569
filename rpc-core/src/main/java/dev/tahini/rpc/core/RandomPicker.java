package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.READY;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Pick;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Any ready backend. A draw from the user's generator falls on the list, whose order is
 * discovery's, and again until it hits a ready one: the ready set's order depends on which
 * connected first, and would not repeat.
 */
final class RandomPicker implements BackendPicker {
  private static final int DRAWS_PER_BACKEND = 8;

  private final List<LiveBackend> all;
  private final ReadyBackends readyBackends;
  private final Supplier<? extends RandomGenerator> random;

  RandomPicker(
      List<LiveBackend> all,
      ReadyBackends readyBackends,
      Supplier<? extends RandomGenerator> random) {
    this.all = all;
    this.readyBackends = readyBackends;
    this.random = random;
  }

  @Override
  public @Nullable LiveBackend pick(Pick pick, Attempts attempts, MethodDescriptor<?, ?> method) {
    RandomGenerator generator = ((Pick.Random) pick).generator();
    if (generator == null) {
      return anyReady(random.get().nextLong(), attempts);
    }
    long draw = generator.nextLong();
    LiveBackend sample = readyBackends.current().get(0); // all of them serve, or all drain
    LiveBackend listed = sample == null ? null : listed(draw, sample.isDraining(), attempts);
    return listed != null ? listed : anyReady(draw, attempts);
  }

  /**
   * Drawn until it hits one, so that each is as likely; past any likely number, the next in the
   * list.
   */
  private @Nullable LiveBackend listed(long firstDraw, boolean draining, Attempts attempts) {
    long draw = firstDraw;
    int size = all.size();
    boolean allTried = attempts.size() >= readyBackends.current().size();
    for (int i = 0; i < DRAWS_PER_BACKEND * size && !allTried; i++) {
      LiveBackend backend = all.get(Draw.index(draw, size));
      if (canTake(backend, draining) && !attempts.tried(backend)) {
        return backend;
      }
      draw = Draw.next(draw);
    }
    int start = Draw.index(draw, size);
    for (int i = 0; i < size; i++) {
      LiveBackend backend = all.get(start + i < size ? start + i : start + i - size);
      if (canTake(backend, draining)) {
        return backend;
      }
    }
    return null;
  }

  private static boolean canTake(LiveBackend backend, boolean draining) {
    return backend.state() == READY && backend.isDraining() == draining;
  }

  private @Nullable LiveBackend anyReady(long draw, Attempts attempts) {
    SwapRemoveSet ready = readyBackends.current();
    int size = ready.size();
    if (size == 0) {
      return null;
    }
    int index = Draw.index(draw, size);
    LiveBackend drawn = ready.get(index);
    return drawn == null || attempts.tried(drawn) ? near(index, ready, size, attempts) : drawn;
  }

  /** One that was not tried, if there is any. */
  private static @Nullable LiveBackend near(
      int start, SwapRemoveSet ready, int size, Attempts attempts) {
    LiveBackend any = null;
    // Among one more than were tried is one that was not; one more still, for a slot that is free.
    for (int i = 0; i < Math.min(attempts.size() + 2, size); i++) {
      LiveBackend backend = ready.get(start + i < size ? start + i : start + i - size);
      if (backend != null) {
        any = backend;
        if (!attempts.tried(backend)) {
          return backend;
        }
      }
    }
    return any;
  }
}
