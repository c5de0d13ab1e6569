package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.InstalledDiscovery;
import java.util.Set;

/**
 * Puts a {@link TestDiscovery} in the place of whatever discoveries an application installs:
 *
 * <pre>{@code
 * Guice.createInjector(
 *     Modules.override(new YourModule()).with(TestDiscoveryModule.of(discovery)));
 * }</pre>
 *
 * <p>It serves every target without a scheme, and those with one of its {@linkplain
 * TestDiscovery#schemes schemes}; {@code static:///} targets go on to list themselves.
 */
public final class TestDiscoveryModule extends AbstractModule {
  private final TestDiscovery discovery;

  private TestDiscoveryModule(TestDiscovery discovery) {
    this.discovery = discovery;
  }

  /**
   * For {@code Modules.override(...).with(...)}.
   *
   * @param discovery what the application's clients watch instead
   * @return the module; installed without an override it clashes with {@code RpcModule}
   */
  public static TestDiscoveryModule of(TestDiscovery discovery) {
    return new TestDiscoveryModule(requireNonNull(discovery, "discovery"));
  }

  @Override
  protected void configure() {
    // The set itself, not an element of it: the application's own elements are left out.
    bind(new TypeLiteral<Set<InstalledDiscovery>>() {})
        .toInstance(Set.of(new InstalledDiscovery(discovery, true)));
    Multibinder.newSetBinder(binder(), ClientFeature.class).addBinding().toInstance(discovery);
  }
}
