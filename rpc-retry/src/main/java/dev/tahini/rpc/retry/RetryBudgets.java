package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The budget of each target: what the clients of an injector, and the retries around code that are
 * given one, share. Thread-safe.
 */
public final class RetryBudgets {
  private final Supplier<RetryBudget> maker;
  private final Map<Target, RetryBudget> byTarget = new ConcurrentHashMap<>();

  /**
   * Of the usual size.
   *
   * @param time by whose seconds their windows move on
   */
  public RetryBudgets(TimeSource time) {
    this(() -> RetryBudget.of(time));
  }

  /**
   * Of another size.
   *
   * @param maker makes one for each target
   */
  public RetryBudgets(Supplier<RetryBudget> maker) {
    this.maker = requireNonNull(maker, "maker");
  }

  /**
   * The budget of a target.
   *
   * @param target whom the calls go to
   * @return the same each time
   */
  public RetryBudget of(Target target) {
    return byTarget.computeIfAbsent(target, any -> maker.get());
  }

  /**
   * The budget of a target.
   *
   * @param target whom the calls go to, such as {@code "greeter.prod:grpc"}
   * @return the same each time
   * @throws dev.tahini.rpc.InvalidValueException if it is no target
   */
  public RetryBudget of(String target) {
    return of(Target.parse(target));
  }
}
