package dev.tahini.rpc.benchmarks.calls;

import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.retry.RetryBudgets;
import dev.tahini.rpc.retry.RetryFeature;
import dev.tahini.rpc.retry.RetryOptions;
import dev.tahini.rpc.retry.RetryRules;
import io.grpc.ManagedChannelBuilder;
import java.util.List;
import java.util.Map;

/** Retries as a user would have them. */
final class Retrying {
  private static final Map<String, Object> POLICY =
      Map.of(
          "maxAttempts",
          5.0,
          "initialBackoff",
          "0.01s",
          "maxBackoff",
          "120s",
          "backoffMultiplier",
          1.6,
          "retryableStatusCodes",
          List.of("UNAVAILABLE", "RESOURCE_EXHAUSTED"));

  private Retrying() {}

  static RetryFeature feature(RetryOptions options) {
    return new RetryFeature(RetryRules.all(options), new RetryBudgets(TimeSource.system()));
  }

  /** gRPC's own, with its throttling, for all methods. */
  static void byServiceConfig(ManagedChannelBuilder<?> channel) {
    channel.defaultServiceConfig(
        Map.of(
            "methodConfig",
            List.of(Map.of("name", List.of(Map.of()), "retryPolicy", POLICY)),
            "retryThrottling",
            Map.of("maxTokens", 100.0, "tokenRatio", 0.2)));
  }
}
