package dev.tahini.rpc.testing;

import dev.tahini.rpc.core.ChannelFactory;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverProvider;
import io.grpc.inprocess.InProcessChannelBuilder;

/**
 * The in-process transport for a client. Its endpoints' addresses are {@code
 * InProcessSocketAddress}es; connections know neither credentials nor GOAWAY, resets or refusals:
 * tests of those need loopback.
 */
public final class InProcessChannelFactory implements ChannelFactory {

  /** For every client of a test, or of its injector. */
  public InProcessChannelFactory() {}

  @Override
  @SuppressWarnings("deprecation") // gRPC has no other way to give this transport a resolver
  public ManagedChannelBuilder<?> newChannelBuilder(
      String target, ChannelCredentials credentials, NameResolverProvider resolver) {
    return InProcessChannelBuilder.forTarget(target).nameResolverFactory(resolver);
  }
}
