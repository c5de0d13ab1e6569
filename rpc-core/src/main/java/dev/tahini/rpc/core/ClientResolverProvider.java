package dev.tahini.rpc.core;

import dev.tahini.rpc.DiscoveryNameResolver;
import dev.tahini.rpc.Target;
import io.grpc.Attributes;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Set;

/** Gives gRPC the name resolvers of one client: each attaches to the client's watch. */
final class ClientResolverProvider extends NameResolverProvider {
  private static final String SCHEME = "tahini";

  private final EndpointWatch watch;
  private final Target target;
  private final String authority;
  private final ChannelState channel;

  ClientResolverProvider(
      EndpointWatch watch, Target target, String authority, ChannelState channel) {
    this.watch = watch;
    this.target = target;
    this.authority = authority;
    this.channel = channel;
  }

  /**
   * The target as gRPC wants it: any target of ours, with what a URI's path cannot hold escaped.
   */
  String targetUri() {
    try {
      return new URI(SCHEME, "", "/" + target, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("escaped, every path is one: " + target, e);
    }
  }

  @Override
  public NameResolver newNameResolver(URI targetUri, NameResolver.Args args) {
    return new DiscoveryNameResolver(
        watch,
        target,
        authority,
        Attributes.newBuilder().set(ChannelState.KEY, channel).build(),
        args.getSynchronizationContext());
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  /** Of no particular type: what a discovery lists is between it and the transport. */
  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of();
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
