package dev.tahini.rpc.core;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.Clients;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * What every injector with clients installs. Clients are added with {@link RpcBinder}; discoveries
 * and features by their own modules. The application closes {@link RpcClients} when it ends.
 *
 * <p>Binds {@link RpcClients}, {@link Clients}, and a {@link ChannelFactory} and a {@link
 * TimeSource} that can be replaced by an {@code OptionalBinder}. Installing it twice is as good as
 * once.
 */
public final class RpcModule extends AbstractModule {

  /** A module without options. */
  public RpcModule() {}

  @Override
  protected void configure() {
    Multibinder.newSetBinder(binder(), InstalledDiscovery.class);
    Multibinder.newSetBinder(binder(), ClientFeature.class);
    Multibinder.newSetBinder(binder(), RpcBinder.BoundClient.class);
    OptionalBinder.newOptionalBinder(binder(), ChannelFactory.class)
        .setDefault()
        .toInstance(ChannelFactory.network());
    OptionalBinder.newOptionalBinder(binder(), TimeSource.class)
        .setDefault()
        .toProvider(TimeSource::system)
        .in(Scopes.SINGLETON);
    bind(RpcClients.class).in(Scopes.SINGLETON);
    bind(Clients.class).to(RpcClients.class);
    // Eager, so that an ambiguous discovery or a bad target fails the injector, not the first call.
    bind(BoundClientsCheck.class).asEagerSingleton();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RpcModule;
  }

  @Override
  public int hashCode() {
    return RpcModule.class.hashCode();
  }
}
