package dev.tahini.rpc.benchmarks.harness;

import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver.ConfigOrError;
import java.util.Locale;
import java.util.Map;

/** The policies that are compared, all found in gRPC's registry and given their defaults. */
public enum Policy {
  TAHINI("tahini", Map.of()),
  PICK_FIRST("pick_first", Map.of()),
  ROUND_ROBIN("round_robin", Map.of()),
  LEAST_REQUEST("least_request_experimental", Map.of()),
  /** Hashes a header, which is how it is used without xDS; gRPC wants {@link #HEADER_FLAG} set. */
  RING_HASH("ring_hash_experimental", Map.of("requestHashHeader", BenchmarkCall.KEY_HEADER));

  /** Allows the field {@code requestHashHeader}; a system property is as good as a variable. */
  public static final String HEADER_FLAG = "GRPC_EXPERIMENTAL_RING_HASH_SET_REQUEST_HASH_KEY";

  private static final String WITH_HEALTH_CHECKS = "io.grpc.protobuf.services.";

  private final String grpcName;

  @SuppressWarnings("ImmutableEnumChecker") // of Map.of
  private final Map<String, ?> json;

  Policy(String grpcName, Map<String, ?> json) {
    this.grpcName = grpcName;
    this.json = json;
  }

  /** The configuration as a service config gives it. */
  public Map<String, ?> json() {
    return json;
  }

  /** The name in tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return provider().newLoadBalancer(helper);
  }

  Object config() {
    ConfigOrError config = provider().parseLoadBalancingPolicyConfig(json);
    if (config.getConfig() == null) {
      throw new IllegalStateException(grpcName + " refuses " + json + ": " + config.getError());
    }
    return config.getConfig();
  }

  /**
   * The policy as the registry has it. grpc-services, which other contenders need, puts one with
   * health checks in the place of gRPC's own round_robin: that one leaves the registry.
   */
  public LoadBalancerProvider provider() {
    LoadBalancerRegistry registry = LoadBalancerRegistry.getDefaultRegistry();
    LoadBalancerProvider provider = registry.getProvider(grpcName);
    if (provider != null && provider.getClass().getName().startsWith(WITH_HEALTH_CHECKS)) {
      registry.deregister(provider);
      provider = registry.getProvider(grpcName);
    }
    if (provider == null) {
      throw new IllegalStateException("gRPC does not find the policy " + grpcName);
    }
    return provider;
  }
}
