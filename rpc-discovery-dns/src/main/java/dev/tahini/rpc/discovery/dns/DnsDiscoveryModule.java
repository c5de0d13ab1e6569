package dev.tahini.rpc.discovery.dns;

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
 * Installs a {@link DnsDiscovery}: for the targets that begin with {@code dns://}, and for those
 * without a scheme if it is the only discovery installed, or {@link #asDefault()}. It can be
 * injected, for its statistics.
 *
 * <pre>{@code
 * new DnsDiscoveryModule(DnsOptions.defaults().withServers("10.0.0.2"))
 * }</pre>
 */
public final class DnsDiscoveryModule extends AbstractModule {
  private final DnsOptions options;
  private final boolean isDefault;

  /** With the system's servers, and every option as it is unless said otherwise. */
  public DnsDiscoveryModule() {
    this(DnsOptions.defaults());
  }

  /**
   * With options.
   *
   * @param options whom to ask, how often, and whom to believe
   */
  public DnsDiscoveryModule(DnsOptions options) {
    this(options, false);
  }

  private DnsDiscoveryModule(DnsOptions options, boolean isDefault) {
    this.options = requireNonNull(options, "options");
    this.isDefault = isDefault;
  }

  /**
   * The same as the environment's discovery, though others are installed.
   *
   * @return the module to install
   */
  public DnsDiscoveryModule asDefault() {
    return new DnsDiscoveryModule(options, true);
  }

  @Override
  protected void configure() {
    OptionalBinder.newOptionalBinder(binder(), TimeSource.class);
    Provider<Optional<TimeSource>> time = binder().getProvider(new Key<>() {});
    bind(DnsDiscovery.class)
        .toProvider(() -> new DnsDiscovery(options, time.get().orElseGet(TimeSource::system)))
        .in(Scopes.SINGLETON);
    Provider<DnsDiscovery> discovery = binder().getProvider(DnsDiscovery.class);
    Multibinder.newSetBinder(binder(), InstalledDiscovery.class)
        .addBinding()
        .toProvider(() -> new InstalledDiscovery(discovery.get(), isDefault))
        .in(Scopes.SINGLETON);
  }
}
