package dev.tahini.rpc.benchmarks.calls;

import dev.tahini.rpc.benchmarks.harness.Policy;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Resolves to the addresses that it was made with: bare gRPC's counterpart of a static target. */
final class FixedAddresses extends NameResolverProvider {
  private static final String SCHEME = "fixed";

  private final List<EquivalentAddressGroup> groups;

  private FixedAddresses(List<EquivalentAddressGroup> groups) {
    this.groups = groups;
  }

  /** A channel of bare gRPC, otherwise as gRPC makes it. */
  static ManagedChannel channel(
      Policy policy, List<String> addresses, Consumer<ManagedChannelBuilder<?>> customizer) {
    NameResolverRegistry registry = new NameResolverRegistry();
    registry.register(new FixedAddresses(addresses.stream().map(FixedAddresses::group).toList()));
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(
                SCHEME + ":///servers", InsecureChannelCredentials.create(), registry)
            .defaultServiceConfig(
                Map.of(
                    "loadBalancingConfig",
                    List.of(Map.of(policy.provider().getPolicyName(), policy.json()))));
    customizer.accept(builder);
    return builder.build();
  }

  private static EquivalentAddressGroup group(String address) {
    int colon = address.lastIndexOf(':');
    int port = Integer.parseInt(address.substring(colon + 1));
    return new EquivalentAddressGroup(new InetSocketAddress(address.substring(0, colon), port));
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return "servers";
      }

      @Override
      public void start(Listener2 listener) {
        args.getSynchronizationContext()
            .execute(
                () ->
                    listener.onResult2(
                        ResolutionResult.newBuilder()
                            .setAddressesOrError(StatusOr.fromValue(groups))
                            .build()));
      }

      @Override
      public void shutdown() {}
    };
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }
}
