package dev.tahini.rpc.discovery.k8s;

import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.DiscoveryNameResolver;
import dev.tahini.rpc.Target;
import io.grpc.Attributes;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets a plain gRPC channel find the pods of a service: {@code
 * ManagedChannelBuilder.forTarget("k8s:///greeter.prod:grpc")}, in a pod, with the service
 * account's rights. gRPC finds it by {@code ServiceLoader} under the schemes {@code k8s} and, as
 * {@link Kubernetes}, {@code kubernetes}. Nothing starts before a channel does.
 */
public class KubernetesNameResolverProvider extends NameResolverProvider {
  /** Below that of DNS (5), to which gRPC gives the targets without a scheme. */
  private static final int PRIORITY = 4;

  private final Discovery discovery;

  /** For {@code ServiceLoader}: as is right in a pod. */
  public KubernetesNameResolverProvider() {
    this(KubernetesOptions.defaults());
  }

  /**
   * With options, for a {@link io.grpc.NameResolverRegistry} of the caller's own, from which {@link
   * io.grpc.Grpc#newChannelBuilder(String, io.grpc.ChannelCredentials,
   * io.grpc.NameResolverRegistry)} makes channels.
   *
   * @param options where the API server is, and how patient to be
   */
  public KubernetesNameResolverProvider(KubernetesOptions options) {
    this.discovery = new KubernetesDiscovery(options);
  }

  /** The same under the scheme's long name; for {@code ServiceLoader}. */
  public static final class Kubernetes extends KubernetesNameResolverProvider {

    /** For {@code ServiceLoader}: as is right in a pod. */
    public Kubernetes() {}

    /**
     * With options, for a registry of the caller's own.
     *
     * @param options where the API server is, and how patient to be
     */
    public Kubernetes(KubernetesOptions options) {
      super(options);
    }

    @Override
    public String getDefaultScheme() {
      return "kubernetes";
    }
  }

  @Override
  public String getDefaultScheme() {
    return "k8s";
  }

  /**
   * A resolver of one channel.
   *
   * @return null if the URI's scheme is another
   * @throws dev.tahini.rpc.InvalidValueException if no service could have that name
   */
  @Override
  public @Nullable NameResolver newNameResolver(URI targetUri, NameResolver.Args args) {
    if (!getDefaultScheme().equals(targetUri.getScheme())) {
      return null;
    }
    Target target = Target.parse(targetUri.toString());
    discovery.check(target);
    return new DiscoveryNameResolver(
        discovery,
        target,
        target.serviceAuthority(),
        Attributes.EMPTY,
        args.getSynchronizationContext());
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }
}
