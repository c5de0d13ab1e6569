package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Retries the calls of an injector's clients. {@link RetryBudgets} can be injected, for retries
 * around code that are to share them.
 *
 * <pre>{@code
 * new RetryModule(
 *     RetryRules.all(RetryOptions.defaults()).with("bank.Accounts", RetryOptions.none()))
 * }</pre>
 */
public final class RetryModule extends AbstractModule {
  private final RetryRules rules;
  private final Predicate<Target> targets;

  /** By the defaults: {@link RetryOptions#defaults()} for all methods. */
  public RetryModule() {
    this(RetryRules.all(RetryOptions.defaults()));
  }

  /**
   * By rules.
   *
   * @param rules which methods are retried how
   */
  public RetryModule(RetryRules rules) {
    this(rules, target -> true);
  }

  private RetryModule(RetryRules rules, Predicate<Target> targets) {
    this.rules = requireNonNull(rules, "rules");
    this.targets = requireNonNull(targets, "targets");
  }

  /**
   * The same for some clients.
   *
   * @param targets the clients of others are left as they are
   * @return the module to install
   */
  public RetryModule forTargets(Predicate<Target> targets) {
    return new RetryModule(rules, targets);
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), TimeSource.class);
    Provider<Optional<TimeSource>> time = binder().getProvider(new Key<>() {});
    bind(RetryBudgets.class)
        .toProvider(() -> new RetryBudgets(time.get().orElseGet(TimeSource::system)))
        .in(Scopes.SINGLETON);
    Provider<RetryBudgets> budgets = binder().getProvider(RetryBudgets.class);
    Multibinder.newSetBinder(binder(), ClientFeature.class)
        .addBinding()
        .toProvider(() -> new RetryFeature(rules, budgets.get(), targets))
        .in(Scopes.SINGLETON);
  }
}
