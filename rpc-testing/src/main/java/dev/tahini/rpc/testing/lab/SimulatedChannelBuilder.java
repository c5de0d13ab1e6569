package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import io.grpc.BinaryLog;
import io.grpc.ChannelConfigurator;
import io.grpc.ClientInterceptor;
import io.grpc.ClientTransportFilter;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.ProxyDetector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link SimulatedChannel} with the policy that it is told of, which it finds where gRPC
 * does. Stands for {@code ManagedChannelImplBuilder}. Settings that change nothing in a simulation
 * are taken and ignored, among them all that concerns executors, TLS, keep-alive, messages' sizes
 * and gRPC's own retries, for which it would take a service config; those that would change
 * something are refused.
 */
final class SimulatedChannelBuilder extends ManagedChannelBuilder<SimulatedChannelBuilder> {
  private static final String GRPCS_DEFAULT_POLICY = "pick_first";

  private final World world;
  private final CallObserver observer;
  private final URI target;
  private final NameResolverProvider resolver;
  private String policy = GRPCS_DEFAULT_POLICY;

  SimulatedChannelBuilder(
      World world, CallObserver observer, String target, NameResolverProvider resolver) {
    this.world = world;
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
    return new SimulatedChannel(world, observer, target, resolver, provider);
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

  @Override
  public SimulatedChannelBuilder offloadExecutor(Executor executor) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder usePlaintext() {
    return this;
  }

  @Override
  public SimulatedChannelBuilder useTransportSecurity() {
    return this;
  }

  @Override
  public SimulatedChannelBuilder maxInboundMessageSize(int bytes) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder maxInboundMetadataSize(int bytes) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder keepAliveTime(long time, TimeUnit unit) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder keepAliveTimeout(long timeout, TimeUnit unit) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder keepAliveWithoutCalls(boolean enable) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder enableRetry() {
    return this;
  }

  @Override
  public SimulatedChannelBuilder disableRetry() {
    return this;
  }

  @Override
  public SimulatedChannelBuilder maxRetryAttempts(int attempts) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder maxHedgedAttempts(int attempts) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder retryBufferSize(long bytes) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder perRpcBufferLimit(long bytes) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder maxTraceEvents(int events) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder proxyDetector(ProxyDetector detector) {
    return this;
  }

  @Override
  public <X> SimulatedChannelBuilder setNameResolverArg(NameResolver.Args.Key<X> key, X value) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder childChannelConfigurator(ChannelConfigurator configurator) {
    return this;
  }

  @Override
  public SimulatedChannelBuilder defaultServiceConfig(@Nullable Map<String, ?> config) {
    if (config != null && !config.isEmpty()) {
      throw new InvalidValueException(
          "defaultServiceConfig",
          config,
          "none: its retries, timeouts and policies are not simulated; give the client a feature");
    }
    return this;
  }

  @Override
  public SimulatedChannelBuilder addTransportFilter(ClientTransportFilter filter) {
    throw new InvalidValueException(
        "transportFilter", filter, "none: there are no transports of gRPC's to tell it of");
  }

  @Override
  public SimulatedChannelBuilder setBinaryLog(BinaryLog log) {
    throw new InvalidValueException("binaryLog", log, "none: simulated calls have no bytes");
  }

  @Override
  public SimulatedChannelBuilder intercept(List<ClientInterceptor> interceptors) {
    throw new InvalidValueException(
        "interceptors",
        interceptors,
        "none here: give them to the client, by intercept or feature");
  }

  @Override
  public SimulatedChannelBuilder intercept(ClientInterceptor... interceptors) {
    return intercept(List.of(interceptors));
  }

  @Deprecated
  @Override
  public SimulatedChannelBuilder nameResolverFactory(NameResolver.Factory factory) {
    throw new InvalidValueException(
        "nameResolverFactory", factory, "none: the client's own resolver is the only one");
  }
}
