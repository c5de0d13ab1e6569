package dev.tahini.rpc.debug.http;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import dev.tahini.rpc.ClientFeature;

/**
 * Serves {@code /debug/backends} of an injector's clients. The server starts with the injector and
 * ends when its {@code RpcClients} are closed. {@link DebugHttpServer} can be injected, for its
 * address, and {@link DebugPages}, for another server's use.
 *
 * <pre>{@code
 * new DebugHttpModule(DebugHttpOptions.defaults().withPort(9000))
 * }</pre>
 */
public final class DebugHttpModule extends AbstractModule {
  private final DebugHttpOptions options;
  private final boolean listens;

  /** By the defaults: {@link DebugHttpOptions#defaults()}. */
  public DebugHttpModule() {
    this(DebugHttpOptions.defaults());
  }

  /**
   * With a server of its own.
   *
   * @param options where it listens, and who may see what
   */
  public DebugHttpModule(DebugHttpOptions options) {
    this(options, true);
  }

  private DebugHttpModule(DebugHttpOptions options, boolean listens) {
    this.options = requireNonNull(options, "options");
    this.listens = listens;
  }

  /**
   * The same for a server that the application has: nothing listens, {@link DebugPages} answer.
   *
   * @return the module to install
   */
  public DebugHttpModule withoutServer() {
    return new DebugHttpModule(options, false);
  }

  @Override
  protected void configure() {
    DebugFeature feature = new DebugFeature();
    bind(DebugPages.class).toProvider(() -> DebugPages.of(feature, options)).in(Scopes.SINGLETON);
    Multibinder<ClientFeature> features = Multibinder.newSetBinder(binder(), ClientFeature.class);
    features.addBinding().toInstance(feature);
    if (listens) {
      Provider<DebugPages> pages = binder().getProvider(DebugPages.class);
      bind(DebugHttpServer.class)
          .toProvider(() -> DebugHttpServer.start(options, pages.get()))
          .in(Scopes.SINGLETON);
      Provider<DebugHttpServer> server = binder().getProvider(DebugHttpServer.class);
      features.addBinding().toProvider(() -> new ServerLife(server.get())).in(Scopes.SINGLETON);
    }
  }
}
