package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.RetryPolicy;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides as {@code Retry.Do} of the Go package {@code go.chromium.org/goma/server/rpc} does, to
 * the letter: the first delay has no jitter, a delay that the server or an exception asks for is
 * the base of all later ones, and without a maximum there is no end while the deadline is open.
 * Where that sleeps although no attempt may follow, this ends the call at once, with the same
 * error. For clients that move over; {@link StandardRetryPolicy} is the mended one. Immutable.
 */
public final class GomaRetryPolicy implements RetryPolicy {
  private static final double JITTER = 0.2;
  private static final Duration USUAL_BASE = Duration.ofMillis(10);
  private static final Duration USUAL_MAX = Duration.ofMinutes(2);
  private static final int MAX_OF_EXHAUSTED = 5;
  private static final Duration DELAY_OF_EXHAUSTED = Duration.ofSeconds(1);
  private static final double FACTOR_OF_EXHAUSTED = 2;

  private final int maxRetry;
  private final Duration baseDelay;
  private final Duration maxDelay;
  private final double factor;
  private final Supplier<? extends RandomGenerator> random;

  /** As the Go package's zero value: no maximum, 10 ms, 120 s, 1.6. */
  public GomaRetryPolicy() {
    this(0, Duration.ZERO, Duration.ZERO, 0);
  }

  /**
   * As the fields of the Go package's {@code Retry}.
   *
   * @param maxRetry attempts in all; 0 or less for no maximum
   * @param baseDelay the first delay; zero, where maxDelay is zero too, for 10 ms
   * @param maxDelay none but the first is longer; zero for 120 s
   * @param factor by which delays grow; 0 for 1.6
   * @throws InvalidValueException if a delay is negative, or the factor neither 0 nor at least 1
   */
  public GomaRetryPolicy(int maxRetry, Duration baseDelay, Duration maxDelay, double factor) {
    this(maxRetry, baseDelay, maxDelay, factor, ThreadLocalRandom::current);
  }

  private GomaRetryPolicy(
      int maxRetry,
      Duration baseDelay,
      Duration maxDelay,
      double factor,
      Supplier<? extends RandomGenerator> random) {
    requireDelay("baseDelay", baseDelay);
    requireDelay("maxDelay", maxDelay);
    if (factor != 0 && !(factor >= 1 && Double.isFinite(factor))) {
      throw new InvalidValueException("factor", factor, "0, or 1 or more");
    }
    this.maxRetry = maxRetry;
    this.baseDelay = baseDelay;
    this.maxDelay = maxDelay;
    this.factor = factor == 0 ? 1.6 : factor;
    this.random = requireNonNull(random, "random");
  }

  private static void requireDelay(String name, Duration delay) {
    if (delay.isNegative() || delay.compareTo(Duration.ofDays(1)) > 0) {
      throw new InvalidValueException(name, delay, "0 to 1 day");
    }
  }

  /**
   * The same with another source of chance, for tests that repeat.
   *
   * @param random asked for at each decision
   * @return the changed copy
   */
  public GomaRetryPolicy withRandom(Supplier<? extends RandomGenerator> random) {
    return new GomaRetryPolicy(maxRetry, baseDelay, maxDelay, factor, random);
  }

  /** What an attempt's failure changes for the rest of its call. */
  private record Hint(int max, Duration delay, double factor) {
    static final Hint NONE = new Hint(0, Duration.ZERO, 0);
  }

  @Override
  public Decision decide(History history) {
    int max = maxRetry;
    Duration base = baseDelay;
    double growth = factor;
    for (Outcome outcome : history.outcomes()) {
      Hint hint = hint(outcome);
      if (hint == null) {
        return Decision.stop(outcome.status().getCode() + " is not retried");
      }
      max = hint.max() > 0 && (max <= 0 || hint.max() < max) ? hint.max() : max;
      base = hint.delay().compareTo(base) > 0 ? hint.delay() : base;
      growth = hint.factor() == 0 ? growth : hint.factor();
    }
    if (max > 0 && history.attempts() >= max) {
      return Decision.stop(max + " attempts were made");
    }
    Duration first = base.isZero() && maxDelay.isZero() ? USUAL_BASE : base;
    return Decision.retryAfter(delay(history.attempts() - 1, first, growth));
  }

  private Duration delay(int retry, Duration base, double growth) {
    if (retry == 0) {
      return base;
    }
    double most = (maxDelay.isZero() ? USUAL_MAX : maxDelay).toNanos();
    double nanos = Math.min(most, base.toNanos() * Math.pow(growth, retry));
    double jitter = 1 + JITTER * (2 * random.get().nextDouble() - 1);
    return Duration.ofNanos((long) (nanos * jitter));
  }

  /** Null if the failure ends the call. */
  private static @Nullable Hint hint(Outcome outcome) {
    Status status = outcome.status();
    if (status.getCause() instanceof RetriableException wished) {
      return new Hint(wished.max(), wished.delay(), wished.factor());
    }
    Duration wish = ServerWish.in(outcome.trailers()).delay();
    return switch (status.getCode()) {
      case UNAVAILABLE -> new Hint(0, wish == null ? Duration.ZERO : wish, 0);
      case RESOURCE_EXHAUSTED ->
          new Hint(MAX_OF_EXHAUSTED, wish == null ? DELAY_OF_EXHAUSTED : wish, FACTOR_OF_EXHAUSTED);
      case DEADLINE_EXCEEDED -> Hint.NONE;
      default -> BrokenAnswer.isBehind(status) ? Hint.NONE : null;
    };
  }
}
