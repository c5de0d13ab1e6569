package dev.tahini.rpc.core;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;

/**
 * Makes the channel builder of a client: the seam for other transports, such as the in-process one
 * of tests. Thread-safe.
 */
@FunctionalInterface
public interface ChannelFactory {

  /**
   * A builder whose channel resolves the target with the given resolver and no other. The client
   * sets its load-balancing policy and its options on it.
   *
   * @param target a URI of the resolver's scheme
   * @param credentials of the connections
   * @param resolver the client's own
   * @return the builder
   */
  ManagedChannelBuilder<?> newChannelBuilder(
      String target, ChannelCredentials credentials, NameResolverProvider resolver);

  /**
   * The transport that gRPC finds on the class path, mostly Netty, with a resolver registry of the
   * client's own.
   *
   * @return the default
   */
  static ChannelFactory network() {
    return (target, credentials, resolver) -> {
      NameResolverRegistry registry = new NameResolverRegistry();
      registry.register(resolver);
      return Grpc.newChannelBuilder(target, credentials, registry);
    };
  }
}
