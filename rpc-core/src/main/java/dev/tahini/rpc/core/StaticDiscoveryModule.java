package dev.tahini.rpc.core;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.TimeSource;
import java.util.Map;

/**
 * Installs a {@link StaticDiscovery} as the environment's: targets without a scheme are looked up
 * in a table. For a laptop, or for a fleet whose addresses are configuration.
 *
 * <pre>{@code
 * StaticDiscoveryModule.names(Map.of("greeter.prod:grpc", "127.0.0.1:50051,127.0.0.1:50052"))
 * }</pre>
 */
public final class StaticDiscoveryModule extends AbstractModule {
  private final Map<String, String> names;
  private final boolean isDefault;

  private StaticDiscoveryModule(Map<String, String> names, boolean isDefault) {
    this.names = Map.copyOf(names);
    this.isDefault = isDefault;
  }

  /**
   * With a table of names.
   *
   * @param names from a target's {@code host[:port]} to a comma-separated list of {@code host:port}
   * @return the module
   * @throws dev.tahini.rpc.InvalidValueException if one of them has not that form
   */
  public static StaticDiscoveryModule names(Map<String, String> names) {
    new StaticDiscovery(names); // which checks them
    return new StaticDiscoveryModule(names, false);
  }

  /**
   * The same as the environment's discovery, though others are installed.
   *
   * @return the module to install
   */
  public StaticDiscoveryModule asDefault() {
    return new StaticDiscoveryModule(names, true);
  }

  @Override
  protected void configure() {
    install(new RpcModule());
    Provider<TimeSource> time = binder().getProvider(TimeSource.class);
    Multibinder.newSetBinder(binder(), InstalledDiscovery.class)
        .addBinding()
        .toProvider(
            () ->
                new InstalledDiscovery(
                    new StaticDiscovery(names, Sources.of(time.get())), isDefault))
        .in(Scopes.SINGLETON);
  }
}
