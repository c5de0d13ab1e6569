package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.Scopes;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.spi.Message;
import com.google.inject.util.Types;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import io.grpc.Channel;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds clients in a Guice module:
 *
 * <pre>{@code
 * rpcBinder(binder())
 *     .bindClient(GreeterBlockingStub.class, GreeterGrpc::newBlockingStub)
 *     .to("greeter.prod:grpc");
 * }</pre>
 *
 * <p>gives {@code @Inject GreeterBlockingStub} and {@code @Inject RpcClient<GreeterBlockingStub>},
 * both singletons. With a qualifier, or a {@link Key}, several clients of one stub's class live
 * side by side.
 */
public final class RpcBinder {
  private final Binder binder;

  private RpcBinder(Binder binder) {
    this.binder = binder;
  }

  /**
   * Begins to bind. Installs {@link RpcModule} as well, if it is not yet.
   *
   * @param binder of the module that is being configured
   * @return a binder of clients
   */
  public static RpcBinder rpcBinder(Binder binder) {
    Binder calledFrom = binder.skipSources(RpcBinder.class);
    calledFrom.install(new RpcModule());
    return new RpcBinder(calledFrom);
  }

  /**
   * Binds a client by its stub's class.
   *
   * @param <S> the stub
   * @param stub the class to inject
   * @param stubs makes one of a channel, such as {@code GreeterGrpc::newBlockingStub}
   * @return where to say {@link BoundClient#to}, and the options
   */
  public <S> BoundClient bindClient(Class<S> stub, Function<? super Channel, ? extends S> stubs) {
    return bindClient(Key.get(stub), stubs);
  }

  /**
   * Binds a client by its stub's class and a qualifier.
   *
   * @param <S> the stub
   * @param stub the class to inject
   * @param qualifier such as {@code Names.named("backup")}
   * @param stubs makes one of a channel
   * @return where to say {@link BoundClient#to}, and the options
   */
  public <S> BoundClient bindClient(
      Class<S> stub, Annotation qualifier, Function<? super Channel, ? extends S> stubs) {
    return bindClient(Key.get(stub, qualifier), stubs);
  }

  /**
   * Binds a client by a key.
   *
   * @param <S> the stub
   * @param key what to inject; {@code RpcClient<S>} has the same qualifier
   * @param stubs makes a stub of a channel
   * @return where to say {@link BoundClient#to}, and the options
   */
  public <S> BoundClient bindClient(Key<S> key, Function<? super Channel, ? extends S> stubs) {
    BoundClient client = new BoundClient(key, callerOfThisClass());
    Multibinder.newSetBinder(binder, BoundClient.class).addBinding().toInstance(client);
    @SuppressWarnings("unchecked") // RpcClient<S> is what the type says
    Key<RpcClient<S>> clientKey =
        (Key<RpcClient<S>>)
            key.ofType(Types.newParameterizedType(RpcClient.class, key.getTypeLiteral().getType()));
    Provider<RpcClients> clients = binder.getProvider(RpcClients.class);
    Provider<RpcClient<S>> provider = binder.getProvider(clientKey);
    binder
        .bind(clientKey)
        .toProvider(() -> clients.get().open(client.target(), requireNonNull(stubs), client))
        .in(Scopes.SINGLETON);
    binder.bind(key).toProvider(() -> provider.get().stub());
    return client;
  }

  /** For Guice's messages: the options are given after the binding, and checked later still. */
  private static Object callerOfThisClass() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(RpcBinder.class.getName()))
                    .findFirst()
                    .<Object>map(StackWalker.StackFrame::toStackTraceElement)
                    .orElse("unknown source"));
  }

  /** A client that is being bound: its target and its options. */
  public static final class BoundClient extends ClientOptions<BoundClient> {
    private final Key<?> key;
    private final Object source;
    private @Nullable String target;

    private BoundClient(Key<?> key, Object source) {
      this.key = key;
      this.source = source;
    }

    @Override
    BoundClient self() {
      return this;
    }

    /**
     * Whom the client calls. A target without a scheme goes to the discovery that the environment
     * installs.
     *
     * @param target see {@link Target} for the grammar; checked when the injector is made
     * @return this, for its options
     */
    public BoundClient to(String target) {
      this.target = requireNonNull(target, "target");
      return this;
    }

    Target target() {
      if (target == null) {
        throw new InvalidValueException(
            "target", "not given", "bindClient(...).to(target) for " + key.getTypeLiteral());
      }
      return Target.parse(target);
    }

    void check(RpcClients clients) {
      try {
        clients.check(target(), this);
      } catch (RuntimeException e) {
        throw new ProvisionException(List.of(new Message(List.of(source), e.getMessage(), e)));
      }
    }
  }
}
