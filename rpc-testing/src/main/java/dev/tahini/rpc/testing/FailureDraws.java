package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Which calls of a backend fail: first the next so many, then those that a seeded generator draws.
 * Thread-safe, guarded by its monitor.
 */
final class FailureDraws {
  /** Part of the JDK's base module, whatever the runtime was cut down to. */
  private static final String ALGORITHM = "SplittableRandom";

  private final Deque<Next> next = new ArrayDeque<>();
  private @Nullable Ratio ratio;

  private record Next(int calls, Failure failure) {}

  private record Ratio(double ratio, RandomGenerator generator, Failure failure) {}

  /** Fails so many calls, after those that are to fail already. */
  synchronized void next(int calls, Failure failure) {
    requireNonNull(failure, "failure");
    if (calls < 1) {
      throw new InvalidValueException("calls", calls, "1 or more");
    }
    next.add(new Next(calls, failure));
  }

  /** Fails each call with a probability, in place of the last one given. */
  synchronized void ratio(double probability, long seed, Failure failure) {
    requireNonNull(failure, "failure");
    if (!(probability >= 0 && probability <= 1)) {
      throw new InvalidValueException("ratio", probability, "0.0 to 1.0");
    }
    ratio = new Ratio(probability, RandomGeneratorFactory.of(ALGORITHM).create(seed), failure);
  }

  /** How the call that has just arrived is to fail, or null if it is not. */
  synchronized @Nullable Failure draw() {
    Next first = next.poll();
    if (first != null) {
      if (first.calls() > 1) {
        next.push(new Next(first.calls() - 1, first.failure()));
      }
      return first.failure();
    }
    Ratio drawn = ratio;
    return drawn != null && drawn.generator().nextDouble() < drawn.ratio() ? drawn.failure() : null;
  }

  synchronized void clear() {
    next.clear();
    ratio = null;
  }
}
