package dev.tahini.rpc.core;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import dev.tahini.rpc.InstalledDiscovery;
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
  private final StaticDiscovery discovery;
  private final boolean isDefault;

  private StaticDiscoveryModule(StaticDiscovery discovery, boolean isDefault) {
    this.discovery = discovery;
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
    return new StaticDiscoveryModule(new StaticDiscovery(names), false);
  }

  /**
   * The same as the environment's discovery, though others are installed.
   *
   * @return the module to install
   */
  public StaticDiscoveryModule asDefault() {
    return new StaticDiscoveryModule(discovery, true);
  }

  @Override
  protected void configure() {
    Multibinder.newSetBinder(binder(), InstalledDiscovery.class)
        .addBinding()
        .toInstance(new InstalledDiscovery(discovery, isDefault));
  }
}
