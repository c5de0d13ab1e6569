package dev.tahini.rpc.examples.demo;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import dev.tahini.rpc.InstalledDiscovery;

/** Installs the demo's discovery for the targets of its scheme. */
final class DemoDiscoveryModule extends AbstractModule {
  private final DemoDiscovery discovery;

  DemoDiscoveryModule(DemoDiscovery discovery) {
    this.discovery = discovery;
  }

  @Override
  protected void configure() {
    Multibinder.newSetBinder(binder(), InstalledDiscovery.class)
        .addBinding()
        .toInstance(new InstalledDiscovery(discovery, /* isDefault= */ false));
  }
}
