package dev.tahini.rpc.tests;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A resolver such as users have: it knows nothing of endpoints, weights or Tahini. */
public final class NamesResolver extends NameResolverProvider {
  private final StatusOr<List<EquivalentAddressGroup>> answer;
  private final @Nullable Map<String, ?> serviceConfig;

  public NamesResolver(
      List<EquivalentAddressGroup> answer, @Nullable Map<String, ?> serviceConfig) {
    this.answer = StatusOr.fromValue(answer);
    this.serviceConfig = serviceConfig;
  }

  NamesResolver(Status error) {
    this.answer = StatusOr.fromStatus(error);
    this.serviceConfig = null;
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return "probe";
      }

      @Override
      public void start(Listener2 listener) {
        ResolutionResult.Builder result = ResolutionResult.newBuilder().setAddressesOrError(answer);
        if (serviceConfig != null) {
          result.setServiceConfig(args.getServiceConfigParser().parseServiceConfig(serviceConfig));
        }
        args.getSynchronizationContext().execute(() -> listener.onResult2(result.build()));
      }

      @Override
      public void shutdown() {}
    };
  }

  @Override
  public String getDefaultScheme() {
    return "names";
  }

  @Override
  public Set<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
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
