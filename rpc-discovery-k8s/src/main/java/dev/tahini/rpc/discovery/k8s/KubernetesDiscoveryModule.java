package dev.tahini.rpc.discovery.k8s;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.TimeSource;
import java.util.Optional;

/**
 * Installs a {@link KubernetesDiscovery}: for the targets that begin with {@code k8s://} or {@code
 * kubernetes://}, and for those without a scheme if it is the only discovery installed, or {@link
 * #asDefault()}.
 */
public final class KubernetesDiscoveryModule extends AbstractModule {
  private final KubernetesOptions options;
  private final boolean isDefault;

  /** As is right in a pod. */
  public KubernetesDiscoveryModule() {
    this(KubernetesOptions.defaults());
  }

  /**
   * With options.
   *
   * @param options where the API server is, and how patient to be
   */
  public KubernetesDiscoveryModule(KubernetesOptions options) {
    this(options, false);
  }

  private KubernetesDiscoveryModule(KubernetesOptions options, boolean isDefault) {
    this.options = requireNonNull(options, "options");
    this.isDefault = isDefault;
  }

  /**
   * The same as the environment's discovery, though others are installed.
   *
   * @return the module to install
   */
  public KubernetesDiscoveryModule asDefault() {
    return new KubernetesDiscoveryModule(options, true);
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), TimeSource.class);
    Provider<Optional<TimeSource>> time = binder().getProvider(new Key<>() {});
    Multibinder.newSetBinder(binder(), InstalledDiscovery.class)
        .addBinding()
        .toProvider(
            () ->
                new InstalledDiscovery(
                    new KubernetesDiscovery(options, time.get().orElseGet(TimeSource::system)),
                    isDefault))
        .in(Scopes.SINGLETON);
  }
}
