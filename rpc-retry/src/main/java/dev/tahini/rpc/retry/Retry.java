package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.TimeSource;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Retries around code, blocking or with futures, within gRPC's {@code Context}: its deadline and
 * its cancellation hold. Calls within it are not retried by themselves; where their client has a
 * {@link RetryModule}, they avoid the backends on which those of the attempts before have failed.
 *
 * <pre>{@code
 * Retry retry = Retry.builder().budget(budgets.of("greeter.prod:grpc")).build();
 * HelloReply reply = retry.call(() -> greeter.sayHello(request));
 * }</pre>
 *
 * <p>Immutable and thread-safe; one serves all calls. Source: {@code Retry} of the Go package
 * {@code go.chromium.org/goma/server/rpc}.
 */
public final class Retry {
  private final RetryEngine engine;
  private final @Nullable Duration attemptTimeout;
  private final Executor executor;

  private Retry(Builder options) {
    this.engine =
        new RetryEngine(options.policy, options.budget, options.time, options.events, null);
    this.attemptTimeout = options.attemptTimeout;
    this.executor = options.executor == null ? RetryThreads.start() : options.executor;
  }

  /**
   * For a new one.
   *
   * @return a builder with {@link StandardRetryPolicy#defaults()}, no budget and the system's time
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * As the Go package's: no end while the context's deadline is open, and its errors.
   *
   * @return a new one
   */
  public static Retry goma() {
    return builder().policy(new GomaRetryPolicy()).build();
  }

  /**
   * Calls, and again if that fails, on this thread, which sleeps between attempts.
   *
   * @param body what may fail; an attempt's timeout cancels the context that it runs in
   * @param <T> what it gives
   * @return what it gave at last
   * @throws io.grpc.StatusRuntimeException with the last failure's status and trailers, what
   *     happened in its description, and earlier failures suppressed; with {@code CANCELLED} or
   *     {@code DEADLINE_EXCEEDED} if the context is cancelled, or the thread interrupted
   * @throws RuntimeException what the body threw last, if that is no status of an RPC; if it is a
   *     checked exception, as the cause of an {@code UNKNOWN} status
   */
  public <T> T call(Callable<T> body) {
    return call(body, result -> false);
  }

  /**
   * Calls, and again if that fails or gives what is not wanted.
   *
   * @param body what may fail
   * @param again whether a result is to be tried again
   * @param <T> what it gives
   * @return what it gave at last: after the last attempt also what was not wanted
   * @throws RuntimeException as {@link #call(Callable)}
   */
  public <T> T call(Callable<T> body, Predicate<? super T> again) {
    return new BlockingRetry(new RetriedCode(engine, attemptTimeout), engine.time().scheduler())
        .call(requireNonNull(body, "body"), requireNonNull(again, "again"));
  }

  /**
   * Runs, and again if that fails.
   *
   * @param body what may fail
   * @throws RuntimeException as {@link #call(Callable)}
   */
  public void run(Runnable body) {
    call(
        () -> {
          body.run();
          return true;
        });
  }

  /**
   * Calls what gives a future, and again if that fails; no thread waits meanwhile.
   *
   * @param body called on this thread, and later on the executor; a future that it gives is
   *     cancelled with the result
   * @param <T> what the futures give
   * @return what the last one gives; fails as {@link #call(Callable)} does
   */
  public <T> ListenableFuture<T> callAsync(Supplier<ListenableFuture<T>> body) {
    return callAsync(body, result -> false);
  }

  /**
   * Calls what gives a future, and again if that fails or gives what is not wanted.
   *
   * @param body called on this thread, and later on the executor
   * @param again whether a result is to be tried again
   * @param <T> what the futures give
   * @return what the last one gives: after the last attempt also what was not wanted
   */
  public <T> ListenableFuture<T> callAsync(
      Supplier<ListenableFuture<T>> body, Predicate<? super T> again) {
    AsyncRetry<T> retry =
        new AsyncRetry<>(
            new RetriedCode(engine, attemptTimeout),
            requireNonNull(body, "body"),
            requireNonNull(again, "again"),
            engine.time().scheduler(),
            executor);
    retry.attempt();
    return retry;
  }

  /** What a {@link Retry} may be told. Not thread-safe. */
  public static final class Builder {
    private RetryPolicy policy = StandardRetryPolicy.defaults();
    private @Nullable RetryBudget budget;
    private TimeSource time = TimeSource.system();
    private CallEvents events = new CallEvents() {};
    private @Nullable Duration attemptTimeout;
    private @Nullable Executor executor;

    private Builder() {}

    /**
     * Decides what is tried again, and when.
     *
     * @param policy in the place of the defaults
     * @return this
     */
    public Builder policy(RetryPolicy policy) {
      this.policy = requireNonNull(policy, "policy");
      return this;
    }

    /**
     * What retries may cost.
     *
     * @param budget that of the target, which others share: {@link RetryBudgets}
     * @return this
     */
    public Builder budget(RetryBudget budget) {
      this.budget = requireNonNull(budget, "budget");
      return this;
    }

    /**
     * By which to wait.
     *
     * @param time in the place of the system's
     * @return this
     */
    public Builder time(TimeSource time) {
      this.time = requireNonNull(time, "time");
      return this;
    }

    /**
     * Who hears of each decision.
     *
     * @param events called on the thread on which an attempt failed
     * @return this
     */
    public Builder events(CallEvents events) {
      this.events = requireNonNull(events, "events");
      return this;
    }

    /**
     * How long one attempt may take: its context is cancelled then.
     *
     * @param timeout more than zero; never longer than what is left of the context's deadline
     * @return this
     * @throws InvalidValueException if it is not longer than zero
     */
    public Builder attemptTimeout(Duration timeout) {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new InvalidValueException("attemptTimeout", timeout, "more than zero");
      }
      this.attemptTimeout = timeout;
      return this;
    }

    /**
     * Where later attempts of {@link Retry#callAsync} are made.
     *
     * @param executor in the place of threads of its own
     * @return this
     */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Makes it.
     *
     * @return a new one
     */
    public Retry build() {
      return new Retry(this);
    }
  }
}
