package dev.tahini.rpc.retry;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Retries inside of stubs of any kind: unary and server-streaming calls, until the first headers or
 * message of an answer. Client-streaming and bidirectional calls pass untouched. Calls that are
 * made within a {@link Retry} are left to that one. Thread-safe.
 *
 * <p>For the clients of a {@code RpcModule} or {@code RpcClient}, {@link RetryModule} and {@link
 * RetryFeature} install it. On any other gRPC channel:
 *
 * <pre>{@code
 * new RetryInterceptor(RetryRules.all(RetryOptions.defaults()), RetryBudget.of(time), time)
 * }</pre>
 *
 * <p>There, turn gRPC's own retries off where a service config has a retry policy: attempts would
 * multiply.
 */
public final class RetryInterceptor implements ClientInterceptor {
  private final RetryRules rules;
  private final @Nullable RetryBudget budget;
  private final TimeSource time;
  private final CallEvents events;
  private final @Nullable Target target;
  private final Executor executor;
  private final Map<String, MethodRetry> byMethod = new ConcurrentHashMap<>();

  /**
   * For the calls of one channel.
   *
   * @param rules which methods are retried how
   * @param budget what they may cost; null for no limit
   * @param time for delays and timeouts
   */
  public RetryInterceptor(RetryRules rules, @Nullable RetryBudget budget, TimeSource time) {
    this(rules, budget, time, new CallEvents() {}, null, RetryThreads.start());
  }

  RetryInterceptor(
      RetryRules rules,
      @Nullable RetryBudget budget,
      TimeSource time,
      CallEvents events,
      @Nullable Target target,
      Executor executor) {
    this.rules = requireNonNull(rules, "rules");
    this.budget = budget;
    this.time = requireNonNull(time, "time");
    this.events = events;
    this.target = target;
    this.executor = executor;
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    if (!method.getType().clientSendsOneMessage()) {
      return next.newCall(method, options);
    }
    MethodRetry retry = byMethod.get(method.getFullMethodName());
    if (retry == null) {
      retry = byMethod.computeIfAbsent(method.getFullMethodName(), any -> retryOf(method));
    }
    OuterAttempt outer = OuterAttempt.KEY.get();
    return new RetriedCall<>(
        outer == null ? retry : retry.withoutEngine(), method, options, next, outer);
  }

  private MethodRetry retryOf(MethodDescriptor<?, ?> method) {
    RetryOptions options = rules.optionsOf(method);
    RetryPolicy policy = options.policy();
    Hedging hedging = RetryRules.mayBeHedged(method) ? options.hedging() : null;
    return new MethodRetry(
        options,
        policy == null ? null : new RetryEngine(policy, budget, time, events, target),
        hedging,
        hedging != null && hedging.observed() ? new LatencyWindow(time.ticker()) : null,
        time,
        executor);
  }
}
