package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Figure;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.ClientInterceptor;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Gives clients a {@link RetryInterceptor}. gRPC's own retries are then off: calls that no server
 * saw are made again by it. For a client that is built without Guice:
 *
 * <pre>{@code
 * RpcClient.builder(target, GreeterGrpc::newBlockingStub).feature(new RetryFeature())
 * }</pre>
 */
public final class RetryFeature implements ClientFeature {
  private final RetryRules rules;
  private final RetryBudgets budgets;
  private final Predicate<Target> targets;
  private final Executor executor = RetryThreads.start();

  /** By the defaults, for all clients that have it: {@link RetryOptions#defaults()}. */
  public RetryFeature() {
    this(RetryRules.all(RetryOptions.defaults()), new RetryBudgets(TimeSource.system()));
  }

  /**
   * For all clients that have it.
   *
   * @param rules which methods are retried how
   * @param budgets what that may cost
   */
  public RetryFeature(RetryRules rules, RetryBudgets budgets) {
    this(rules, budgets, target -> true);
  }

  /**
   * For some clients.
   *
   * @param rules which methods are retried how
   * @param budgets what that may cost
   * @param targets the others are left as they are
   */
  public RetryFeature(RetryRules rules, RetryBudgets budgets, Predicate<Target> targets) {
    this.rules = requireNonNull(rules, "rules");
    this.budgets = requireNonNull(budgets, "budgets");
    this.targets = requireNonNull(targets, "targets");
  }

  @Override
  public boolean makesCallsAgain(ClientView client) {
    return targets.test(client.target());
  }

  @Override
  public List<Figure> figures(ClientView client) {
    if (!targets.test(client.target())) {
      return List.of();
    }
    RetryBudget budget = budgets.of(client.target());
    return List.of(
        new Figure(
            "retry_budget_balance",
            "How many attempts beyond first ones the target's budget would pay for now.",
            budget.balance()),
        new Figure(
            "retry_budget_refused_total",
            "How many attempts the target's budget has not paid for.",
            (double) budget.refused()));
  }

  @Override
  public List<ClientInterceptor> interceptors(ClientView client, CallEvents events) {
    Target target = client.target();
    return targets.test(target)
        ? List.of(
            new RetryInterceptor(
                rules, budgets.of(target), client.time(), events, target, executor))
        : List.of();
  }
}
