package dev.tahini.rpc.core;

import static dev.tahini.rpc.Endpoint.Condition.DRAINING;
import static io.grpc.ConnectivityState.READY;

import dev.tahini.rpc.Attempts;
import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.PickRequest;
import dev.tahini.rpc.Picker;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Any ready backend. A draw from the user's generator falls on the list, whose order is
 * discovery's, and again until it hits a ready one: the ready set's order depends on which
 * connected first, and would not repeat.
 */
final class RandomPicker implements Picker {
  private static final int DRAWS_PER_BACKEND = 8;

  private final Picker.Backends backends;
  private final List<Backend> all;
  private final Supplier<? extends RandomGenerator> random;

  RandomPicker(Picker.Backends backends, Supplier<? extends RandomGenerator> random) {
    this.backends = backends;
    this.all = backends.all();
    this.random = random;
  }

  @Override
  public @Nullable Backend pick(PickRequest request) {
    RandomGenerator generator =
        request.pick() instanceof Pick.Random asked ? asked.generator() : null;
    Attempts attempts = request.attempts();
    if (generator == null) {
      return anyReady(random.get().nextLong(), attempts);
    }
    long draw = generator.nextLong();
    Backend sample = backends.ready().get(0); // the ready are all serving, or all draining
    Backend listed = sample == null ? null : listed(draw, isDraining(sample), attempts);
    return listed != null ? listed : anyReady(draw, attempts);
  }

  /**
   * Drawn until it hits one, so that each is as likely; past any likely number, the next in the
   * list.
   */
  private @Nullable Backend listed(long firstDraw, boolean draining, Attempts attempts) {
    long draw = firstDraw;
    int size = all.size();
    boolean allTried = attempts.size() >= backends.ready().size();
    for (int i = 0; i < DRAWS_PER_BACKEND * size && !allTried; i++) {
      Backend backend = all.get(Draw.index(draw, size));
      if (canTake(backend, draining) && !attempts.tried(backend)) {
        return backend;
      }
      draw = Draw.next(draw);
    }
    int start = Draw.index(draw, size);
    for (int i = 0; i < size; i++) {
      Backend backend = all.get(start + i < size ? start + i : start + i - size);
      if (canTake(backend, draining)) {
        return backend;
      }
    }
    return null;
  }

  private static boolean canTake(Backend backend, boolean draining) {
    return backend.state() == READY && isDraining(backend) == draining;
  }

  private static boolean isDraining(Backend backend) {
    return backend.endpoint().condition() == DRAINING;
  }

  private @Nullable Backend anyReady(long draw, Attempts attempts) {
    ReadySet ready = backends.ready();
    int size = ready.size();
    if (size == 0) {
      return null;
    }
    int start = Draw.index(draw, size);
    Backend any = null;
    // Among one more than were tried is one that was not; one more still, for a slot that is free.
    for (int i = 0; i < Math.min(attempts.size() + 2, size); i++) {
      Backend backend = ready.get(start + i < size ? start + i : start + i - size);
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
