package dev.tahini.rpc.testing.lab;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancerProvider;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.ProxyDetector;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A channel without a network: the real name resolver and the real load-balancing policy, with
 * simulated subchannels. Stands for gRPC's {@code ManagedChannelImpl} and its {@code LbHelperImpl}.
 * Idle mode, service configs and gRPC's own retries are not modelled.
 */
final class SimulatedChannel extends ManagedChannel {
  private static final Status SHUTDOWN_STATUS =
      Status.UNAVAILABLE.withDescription("Channel shutdown invoked");
  private static final int DEFAULT_PORT = 443;

  private final World world;
  private final CallObserver observer;
  private final BufferedCalls buffered;
  private final URI target;
  private final NameResolver resolver;
  private final LoadBalancerProvider policy;
  private @Nullable LoadBalancer balancer;
  private ConnectivityState state = ConnectivityState.IDLE;
  private boolean shutdown;

  SimulatedChannel(
      World world,
      CallObserver observer,
      URI target,
      NameResolverProvider resolvers,
      LoadBalancerProvider policy) {
    this.world = world;
    this.observer = observer;
    this.buffered = new BufferedCalls(observer::buffered);
    this.target = target;
    this.policy = policy;
    NameResolver made = resolvers.newNameResolver(target, resolverArgs(world));
    if (made == null) {
      throw new IllegalStateException("its resolver does not take the target " + target);
    }
    this.resolver = made;
  }

  private static NameResolver.Args resolverArgs(World world) {
    ProxyDetector noProxy = address -> null;
    return NameResolver.Args.newBuilder()
        .setDefaultPort(DEFAULT_PORT)
        .setProxyDetector(noProxy)
        .setSynchronizationContext(world.context())
        .setScheduledExecutorService(world.scheduler())
        .setServiceConfigParser(new NoServiceConfig())
        .build();
  }

  private static final class NoServiceConfig extends NameResolver.ServiceConfigParser {
    @Override
    public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> rawServiceConfig) {
      return NameResolver.ConfigOrError.fromError(
          Status.UNIMPLEMENTED.withDescription("service configs are not simulated"));
    }
  }

  Events events() {
    return world.events();
  }

  CallObserver observer() {
    return observer;
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return new SimulatedCall<>(this, method, options);
  }

  void start(SimulatedCall<?, ?> call) {
    leaveIdle();
    buffered.start(call);
  }

  void cancelled(SimulatedCall<?, ?> call) {
    buffered.remove(call);
  }

  @Override
  public ConnectivityState getState(boolean requestConnection) {
    if (requestConnection) {
      leaveIdle();
    }
    return state;
  }

  private void leaveIdle() {
    if (balancer == null && !shutdown) {
      world.context().execute(this::startResolving);
    }
  }

  private void startResolving() {
    if (balancer == null && !shutdown) {
      balancer = policy.newLoadBalancer(new Helper());
      resolver.start(new ToBalancer());
    }
  }

  /** What the resolver says goes to the balancer. */
  private final class ToBalancer extends NameResolver.Listener2 {
    @Override
    public void onResult(NameResolver.ResolutionResult result) {
      world.context().execute(() -> onResult2(result));
    }

    @Override
    public Status onResult2(NameResolver.ResolutionResult result) {
      LoadBalancer current = balancer;
      if (current == null || shutdown) {
        return Status.OK;
      }
      if (!result.getAddressesOrError().hasValue()) {
        current.handleNameResolutionError(result.getAddressesOrError().getStatus());
        return Status.OK;
      }
      return current.acceptResolvedAddresses(
          ResolvedAddresses.newBuilder()
              .setAddresses(result.getAddressesOrError().getValue())
              .setAttributes(result.getAttributes())
              .build());
    }

    @Override
    public void onError(Status error) {
      LoadBalancer current = balancer;
      if (current != null && !shutdown) {
        world.context().execute(() -> current.handleNameResolutionError(error));
      }
    }
  }

  /** What a policy needs of its channel; what it does not is refused by the class it extends. */
  private final class Helper extends LoadBalancer.Helper {
    @Override
    public Subchannel createSubchannel(CreateSubchannelArgs args) {
      world.context().throwIfNotInThisSynchronizationContext();
      return new SimulatedSubchannel(world, args);
    }

    @Override
    public void updateBalancingState(ConnectivityState newState, SubchannelPicker newPicker) {
      world.context().throwIfNotInThisSynchronizationContext();
      if (!shutdown) {
        state = newState;
        buffered.publish(newPicker);
      }
    }

    @Override
    public void refreshNameResolution() {
      world.context().throwIfNotInThisSynchronizationContext();
      resolver.refresh();
    }

    @Override
    public SynchronizationContext getSynchronizationContext() {
      return world.context();
    }

    @Override
    public ScheduledExecutorService getScheduledExecutorService() {
      return world.scheduler();
    }

    @Override
    public String getAuthority() {
      return authority();
    }

    @Override
    public String getChannelTarget() {
      return target.toString();
    }

    @Override
    public ManagedChannel createOobChannel(EquivalentAddressGroup group, String authority) {
      throw new UnsupportedOperationException("out-of-band channels are not simulated");
    }
  }

  @Override
  public String authority() {
    return resolver.getServiceAuthority();
  }

  @Override
  public ManagedChannel shutdown() {
    world.context().execute(this::shutDown);
    return this;
  }

  private void shutDown() {
    if (shutdown) {
      return;
    }
    shutdown = true;
    state = ConnectivityState.SHUTDOWN;
    buffered.shutdown(SHUTDOWN_STATUS);
    resolver.shutdown();
    if (balancer != null) {
      balancer.shutdown();
    }
  }

  /** The same as {@link #shutdown}: with the simulation's end its calls are heard of no more. */
  @Override
  public ManagedChannel shutdownNow() {
    return shutdown();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  /** Does not wait: in virtual time nothing happens meanwhile. */
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutdown;
  }
}
