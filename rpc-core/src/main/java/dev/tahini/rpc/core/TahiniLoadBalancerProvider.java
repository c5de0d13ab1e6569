package dev.tahini.rpc.core;

import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.NameResolver.ConfigOrError;
import java.util.Map;

/**
 * The policy {@code tahini} for gRPC's registry, found by {@code ServiceLoader}. With it a plain
 * channel picks as {@link dev.tahini.rpc.Pick} says, whatever its name resolver:
 *
 * <pre>{@code
 * ManagedChannelBuilder.forTarget("dns:///greeter.prod:8080").defaultLoadBalancingPolicy("tahini")
 * }</pre>
 *
 * <p>In a service config: {@code {"loadBalancingConfig": [{"tahini": {"pick": "random", "shardMap":
 * "standard"}}]}}; both fields are optional. {@code pick} is {@code least_loaded} (default) or
 * {@code random} and serves the calls that ask for no other (least loaded, the option's default,
 * cannot be told from none); {@code shardMap} is {@code standard}.
 *
 * <p>Stateless: channels that use it know nothing of each other.
 */
public final class TahiniLoadBalancerProvider extends LoadBalancerProvider {

  /** The policy's name in a service config and for {@code defaultLoadBalancingPolicy}. */
  public static final String POLICY_NAME = "tahini";

  /** For {@code ServiceLoader}. */
  public TahiniLoadBalancerProvider() {}

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public int getPriority() {
    return 5;
  }

  @Override
  public String getPolicyName() {
    return POLICY_NAME;
  }

  @Override
  public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
    return new TahiniLoadBalancer(helper);
  }

  @Override
  public ConfigOrError parseLoadBalancingPolicyConfig(Map<String, ?> json) {
    return TahiniConfig.parse(json);
  }
}
