package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.ChannelFactory;

/**
 * Puts a {@link RpcTestCluster} in the place of an application's network: its discovery, its
 * transport and its time.
 *
 * <pre>{@code
 * Guice.createInjector(
 *     Modules.override(new YourModule()).with(RpcTestClusterModule.of(cluster)));
 * }</pre>
 *
 * <p>Every target that has no scheme goes to the cluster, whatever its name; the credentials of the
 * application's bindings do not count. Of its {@code ClientFeature}s the cluster's is the
 * outermost, so that the attempts of one call are known as such.
 */
public final class RpcTestClusterModule extends AbstractModule {
  private final RpcTestCluster cluster;

  private RpcTestClusterModule(RpcTestCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * For {@code Modules.override(...).with(...)}.
   *
   * @param cluster what the application's clients call instead
   * @return the module; installed without an override it clashes with {@code RpcModule}
   */
  public static RpcTestClusterModule of(RpcTestCluster cluster) {
    return new RpcTestClusterModule(requireNonNull(cluster, "cluster"));
  }

  @Override
  protected void configure() {
    Multibinder.newSetBinder(binder(), ClientFeature.class)
        .addBinding()
        .toInstance(cluster.feature());
    install(TestDiscoveryModule.of(cluster.discovery()));
    OptionalBinder.newOptionalBinder(binder(), ChannelFactory.class)
        .setBinding()
        .toInstance(cluster.channelFactory());
    OptionalBinder.newOptionalBinder(binder(), TimeSource.class)
        .setBinding()
        .toInstance(cluster.time());
  }
}
