package dev.tahini.rpc.benchmarks.storm;

import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.RetryPolicy;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.retry.RetryBudget;
import dev.tahini.rpc.retry.RetryBudgets;
import dev.tahini.rpc.retry.RetryFeature;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.RetryRules;
import dev.tahini.rpc.retry.StandardRetryPolicy;
import dev.tahini.rpc.testing.lab.ClientContext;
import java.util.List;
import java.util.Locale;

/** Who calls in the storm. All of them retry by the same interceptor. */
public enum StormContender {
  /** The default policy and the default budget, one for each client. */
  TAHINI,
  /** The default policy alone. */
  TAHINI_NO_BUDGET,
  /** Every failure is tried again, up to 5 attempts. */
  PLAIN_RETRIES,
  /** The same for what may be retried, by the rule of gRPC's {@code retryThrottling}. */
  GRPC_THROTTLING_MODEL,
  /** Each call has one attempt. */
  NO_RETRIES;

  private static final double MORE_THAN_ANYONE_ASKS = 1000;

  /** The name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a client of it has.
   *
   * @param meter told of calls and attempts
   */
  List<ClientFeature> features(ClientContext context, StormMeter meter) {
    ClientFeature calls = new Ear(meter::callStarted);
    ClientFeature attempts = new Ear(meter::attemptStarted);
    TimeSource time = context.time();
    RetryPolicy standard = StandardRetryPolicy.defaults().withRandom(context::random);
    RetryPolicy plain = new PlainRetries(context.random());
    RetryBudget unlimited = RetryBudget.of(MORE_THAN_ANYONE_ASKS, 0, time);
    return switch (this) {
      case TAHINI -> List.of(calls, retrying(standard, RetryBudget.of(time)), attempts);
      case TAHINI_NO_BUDGET -> List.of(calls, retrying(standard, unlimited), attempts);
      case PLAIN_RETRIES -> List.of(calls, retrying(plain, unlimited), attempts);
      case GRPC_THROTTLING_MODEL -> {
        GrpcThrottling throttling = new GrpcThrottling(plain);
        ClientFeature ends = new Ear(() -> throttling::attemptEnded);
        yield List.of(calls, retrying(throttling, unlimited), attempts, ends);
      }
      case NO_RETRIES -> List.of(calls, attempts);
    };
  }

  private static ClientFeature retrying(RetryPolicy policy, RetryBudget budget) {
    return new RetryFeature(
        RetryRules.all(RetryOptions.defaults().withPolicy(policy)), new RetryBudgets(() -> budget));
  }
}
