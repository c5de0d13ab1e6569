package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.RetryPolicy;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tries again what is likely to help: {@code UNAVAILABLE}, {@code RESOURCE_EXHAUSTED} (slowly), an
 * attempt's own {@code DEADLINE_EXCEEDED}, {@link RetriableException}s; no sooner than the server
 * asks for. Immutable; start from {@link #defaults()}, and change what is to differ with the {@code
 * with} methods.
 */
public final class StandardRetryPolicy implements RetryPolicy {
  private static final Set<Code> USUAL =
      Set.copyOf(EnumSet.of(Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED, Code.DEADLINE_EXCEEDED));
  private static final Set<Code> OF_IDEMPOTENT = Set.copyOf(EnumSet.of(Code.UNKNOWN, Code.ABORTED));
  private static final int USUAL_ATTEMPTS = 5;
  private static final int ATTEMPTS_OF_EXHAUSTED = 5;
  private static final Duration BASE_OF_EXHAUSTED = Duration.ofSeconds(1);
  private static final double FACTOR_OF_EXHAUSTED = 2;

  private final Settings settings;
  private final Supplier<? extends RandomGenerator> random;

  private record Settings(
      int maxAttempts,
      Backoff backoff,
      Set<Code> codes,
      boolean retriesIdempotent,
      boolean retriesBroken) {}

  private StandardRetryPolicy(Settings settings, Supplier<? extends RandomGenerator> random) {
    this.settings = settings;
    this.random = random;
  }

  /**
   * Up to 5 attempts, 10 ms apart and then 1.6 times more each time.
   *
   * @return the defaults
   */
  public static StandardRetryPolicy defaults() {
    return new StandardRetryPolicy(
        new Settings(USUAL_ATTEMPTS, Backoff.defaults(), USUAL, false, false),
        ThreadLocalRandom::current);
  }

  /**
   * The same with another number of attempts.
   *
   * @param maxAttempts in all, the first among them; 1 or more
   * @return the changed copy
   * @throws InvalidValueException if it is less than 1
   */
  public StandardRetryPolicy withMaxAttempts(int maxAttempts) {
    if (maxAttempts < 1) {
      throw new InvalidValueException("maxAttempts", maxAttempts, "1 or more");
    }
    return with(
        new Settings(
            maxAttempts,
            settings.backoff,
            settings.codes,
            settings.retriesIdempotent,
            settings.retriesBroken));
  }

  /**
   * The same with other delays.
   *
   * @param backoff how they grow
   * @return the changed copy
   */
  public StandardRetryPolicy withBackoff(Backoff backoff) {
    requireNonNull(backoff, "backoff");
    return with(
        new Settings(
            settings.maxAttempts,
            backoff,
            settings.codes,
            settings.retriesIdempotent,
            settings.retriesBroken));
  }

  /**
   * The same with other statuses that are tried again.
   *
   * @param codes in the place of {@code UNAVAILABLE}, {@code RESOURCE_EXHAUSTED} and {@code
   *     DEADLINE_EXCEEDED}; neither {@code OK} nor {@code CANCELLED}
   * @return the changed copy
   * @throws InvalidValueException if one is {@code OK} or {@code CANCELLED}
   */
  public StandardRetryPolicy withCodes(Code... codes) {
    for (Code code : codes) {
      if (code == Code.OK || code == Code.CANCELLED) {
        throw new InvalidValueException("codes", code, "a failure that the caller did not ask for");
      }
    }
    return with(
        new Settings(
            settings.maxAttempts,
            settings.backoff,
            Set.of(codes),
            settings.retriesIdempotent,
            settings.retriesBroken));
  }

  /**
   * The same, which also tries {@code UNKNOWN} and {@code ABORTED} again where the method's
   * descriptor says that it is idempotent, or safe.
   *
   * @return the changed copy
   */
  public StandardRetryPolicy retryingIdempotentMethods() {
    return with(
        new Settings(
            settings.maxAttempts, settings.backoff, settings.codes, true, settings.retriesBroken));
  }

  /**
   * The same, which also tries calls again that a load balancer or a broken connection answered in
   * the server's place: with a page of HTML, with half a message, with a reset for an
   * INTERNAL_ERROR. The server may have done them.
   *
   * @return the changed copy
   */
  public StandardRetryPolicy retryingBrokenAnswers() {
    return with(
        new Settings(
            settings.maxAttempts,
            settings.backoff,
            settings.codes,
            settings.retriesIdempotent,
            true));
  }

  /**
   * The same with another source of chance, for tests that repeat.
   *
   * @param random asked for at each decision
   * @return the changed copy
   */
  public StandardRetryPolicy withRandom(Supplier<? extends RandomGenerator> random) {
    return new StandardRetryPolicy(settings, requireNonNull(random, "random"));
  }

  private StandardRetryPolicy with(Settings other) {
    return new StandardRetryPolicy(other, random);
  }

  @Override
  public Decision decide(History history) {
    Outcome last = history.last();
    ServerWish wish = ServerWish.in(last.trailers());
    RetriableException hint = RetriableException.in(last.status().getCause());
    if (hint == null && !isRetried(last.status(), history.method())) {
      return Decision.stop(last.status().getCode() + " is not retried");
    }
    if (wish.isNoMore()) {
      return Decision.stop("the server asks for no more attempts");
    }
    int most = mostAttempts(history.outcomes());
    if (history.attempts() >= most) {
      return Decision.stop("no more than " + most + " are made");
    }
    return Decision.retryAfter(delay(history.outcomes(), wish.delay(), hint));
  }

  private boolean isRetried(Status status, @Nullable MethodDescriptor<?, ?> method) {
    Code code = status.getCode();
    return settings.codes.contains(code)
        || (settings.retriesBroken && BrokenAnswer.isBehind(status))
        || (settings.retriesIdempotent
            && method != null
            && (method.isIdempotent() || method.isSafe())
            && OF_IDEMPOTENT.contains(code));
  }

  /** The least of what the policy, a full server and exceptions of the call so far allow. */
  private int mostAttempts(List<Outcome> outcomes) {
    int most = settings.maxAttempts;
    for (Outcome outcome : outcomes) {
      RetriableException hint = RetriableException.in(outcome.status().getCause());
      if (hint != null && hint.max() > 0) {
        most = Math.min(most, hint.max());
      }
      if (isExhausted(outcome.status())) {
        most = Math.min(most, ATTEMPTS_OF_EXHAUSTED);
      }
    }
    return most;
  }

  private static boolean isExhausted(Status status) {
    return status.getCode() == Code.RESOURCE_EXHAUSTED;
  }

  private Duration delay(
      List<Outcome> outcomes, @Nullable Duration wish, @Nullable RetriableException hint) {
    Duration delay = backoff(outcomes).delay(retry(outcomes), random.get());
    if (wish != null && wish.compareTo(delay) > 0) {
      delay = wish;
    }
    return hint != null && hint.delay().compareTo(delay) > 0 ? hint.delay() : delay;
  }

  /** A full server is left alone for longer, in a row of delays of its own. */
  private Backoff backoff(List<Outcome> outcomes) {
    if (isExhausted(outcomes.get(outcomes.size() - 1).status())) {
      Duration max = max(settings.backoff.max(), BASE_OF_EXHAUSTED);
      return new Backoff(BASE_OF_EXHAUSTED, FACTOR_OF_EXHAUSTED, max, settings.backoff.jitter());
    }
    double factor = settings.backoff.factor();
    for (Outcome outcome : outcomes) {
      RetriableException hint = RetriableException.in(outcome.status().getCause());
      if (hint != null && hint.factor() != 0) {
        factor = hint.factor();
      }
    }
    return settings.backoff.withFactor(factor);
  }

  private static int retry(List<Outcome> outcomes) {
    boolean exhausted = isExhausted(outcomes.get(outcomes.size() - 1).status());
    return (int) outcomes.stream().filter(o -> isExhausted(o.status()) == exhausted).count() - 1;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
