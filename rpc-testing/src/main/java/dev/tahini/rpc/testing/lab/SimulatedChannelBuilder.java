package dev.tahini.rpc.testing.lab;

import io.grpc.ClientInterceptor;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Builds a {@link SimulatedChannel} with the policy that it is told of, which it finds where gRPC
 * does. Stands for {@code ManagedChannelImplBuilder}. Settings that change nothing in a simulation
 * are taken and ignored; those that would are refused.
 */
final class SimulatedChannelBuilder extends ManagedChannelBuilder<SimulatedChannelBuilder> {
  private static final String GRPCS_DEFAULT_POLICY = "pick_first";

  private final Surroundings around;
  private final CallObserver observer;
  private final URI target;
  private final NameResolverProvider resolver;
  private String policy = GRPCS_DEFAULT_POLICY;

  SimulatedChannelBuilder(
      Surroundings around, CallObserver observer, String target, NameResolverProvider resolver) {
    this.around = around;
    this.observer = observer;
    this.target = URI.create(target);
    this.resolver = resolver;
  }

  @Override
  public SimulatedChannelBuilder defaultLoadBalancingPolicy(String policy) {
    this.policy = policy;
    return this;
  }

  @Override
  public ManagedChannel build() {
    LoadBalancerProvider provider = LoadBalancerRegistry.getDefaultRegistry().getProvider(policy);
    if (provider == null) {
      throw new IllegalStateException(
          "policy: " + policy + " (expected: one of gRPC's LoadBalancerRegistry)");
    }
    return new SimulatedChannel(around, observer, target, resolver, provider);
  }

  @Override
  public SimulatedChannelBuilder directExecutor() {
    return this;
  }

  @Override
  public SimulatedChannelBuilder executor(Executor executor) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder userAgent(String userAgent) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder overrideAuthority(String authority) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder decompressorRegistry(DecompressorRegistry registry) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder compressorRegistry(CompressorRegistry registry) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder idleTimeout(long value, TimeUnit unit) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder disableServiceConfigLookUp() {
    return this;
  }

  /** Without a service config that asks for them there are no retries of gRPC's. */
  @Override
  public SimulatedChannelBuilder enableRetry() {
    return this;
  }

  @Override
  public SimulatedChannelBuilder intercept(List<ClientInterceptor> interceptors) {
    throw new UnsupportedOperationException(
        "interceptors: given to the channel (expected: to the client, by intercept or a feature)");
  }

  @Override
  public SimulatedChannelBuilder intercept(ClientInterceptor... interceptors) {
    return intercept(List.of(interceptors));
  }

  @Deprecated
  @Override
  public SimulatedChannelBuilder nameResolverFactory(NameResolver.Factory factory) {
    throw new UnsupportedOperationException("the client's own resolver is the only one");
  }
}
