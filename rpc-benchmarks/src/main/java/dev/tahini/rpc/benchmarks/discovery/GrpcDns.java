package dev.tahini.rpc.benchmarks.discovery;

import com.google.common.base.Stopwatch;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.internal.DnsNameResolver;
import io.grpc.internal.GrpcUtil;
import java.net.URI;

/** gRPC's own DNS resolver as its provider makes it, but for where it looks addresses up. */
final class GrpcDns extends NameResolverProvider {
  private static final String SCHEME = "dns";

  private final DnsNameResolver.AddressResolver lookUp;

  private GrpcDns(DnsNameResolver.AddressResolver lookUp) {
    this.lookUp = lookUp;
  }

  /** A channel of bare gRPC with round robin, otherwise as gRPC makes it. */
  static ManagedChannel channel(String target, DnsNameResolver.AddressResolver lookUp) {
    NameResolverRegistry registry = new NameResolverRegistry();
    registry.register(new GrpcDns(lookUp));
    return Grpc.newChannelBuilder(target, InsecureChannelCredentials.create(), registry)
        .defaultLoadBalancingPolicy("round_robin")
        .build();
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new Pointed(target.getPath().substring(1), args, lookUp);
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

  private static final class Pointed extends DnsNameResolver {
    Pointed(String name, NameResolver.Args args, AddressResolver lookUp) {
      super(null, name, args, GrpcUtil.SHARED_CHANNEL_EXECUTOR, Stopwatch.createUnstarted(), false);
      setAddressResolver(lookUp);
    }
  }
}
