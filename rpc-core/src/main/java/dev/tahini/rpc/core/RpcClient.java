package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.InstalledDiscovery;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A load-balanced client of one target: one channel, many backends behind it, and every call says
 * by a {@link Pick} how its backend is picked.
 *
 * <pre>{@code
 * try (RpcClient<GreeterBlockingStub> client =
 *     RpcClient.builder("static:///10.0.0.1:80,10.0.0.2:80", GreeterGrpc::newBlockingStub)
 *         .plaintext()
 *         .build()) {
 *   client.stub().sayHello(request); // least loaded
 *   client.stub(Pick.shard(userId)).sayHello(request); // the owner of the key
 * }
 * }</pre>
 *
 * <p>Works with every kind of stub. Calls fail with {@code UNAVAILABLE} if there is no backend, or
 * none that can be connected; before discovery's first answer they wait. Thread-safe.
 *
 * @param <S> the stub
 */
public final class RpcClient<S> implements AutoCloseable {
  private final ClientChannel clientChannel;
  private final Function<? super Channel, ? extends S> stubs;
  private final Channel channel;
  private final S stub;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A client of an open channel.
   *
   * @param release gives the channel back, once
   */
  RpcClient(
      ClientChannel clientChannel,
      Function<? super Channel, ? extends S> stubs,
      List<ClientInterceptor> interceptors,
      Runnable release) {
    this.clientChannel = clientChannel;
    this.stubs = stubs;
    this.release = release;
    List<ClientInterceptor> all = new ArrayList<>();
    all.add(
        new RefuseAfterClose(
            clientChannel.target(), () -> closed.get() || clientChannel.isShutdown()));
    all.addAll(interceptors);
    this.channel = ClientInterceptors.interceptForward(clientChannel.channel(), all);
    this.stub = requireNonNull(stubs.apply(channel), "stub factory returned null");
  }

  /**
   * Begins a client.
   *
   * @param <S> the stub
   * @param target whom to call; see {@link Target} for the grammar
   * @param stubs makes a stub of a channel, such as {@code GreeterGrpc::newBlockingStub}
   * @return options, then {@link Builder#build()}
   * @throws dev.tahini.rpc.InvalidValueException naming the target if it has not that form
   */
  public static <S> Builder<S> builder(
      String target, Function<? super Channel, ? extends S> stubs) {
    return new Builder<>(Target.parse(target), requireNonNull(stubs, "stubs"));
  }

  /**
   * The stub; its calls go to the least loaded backend unless they say otherwise.
   *
   * @return always the same
   */
  public S stub() {
    return stub;
  }

  /**
   * A stub whose calls use a pick unless they say otherwise. Of a stub that is not gRPC's own
   * class, a call cannot say least loaded: the option's default cannot be told from none.
   *
   * @param pick for its calls
   * @return a new stub on the same channel
   */
  public S stub(Pick pick) {
    return withPick(channel, requireNonNull(pick, "pick"));
  }

  /**
   * Runs a function whose calls all go to one backend: the first of them picks it, and the others
   * go there too. If the backend leaves the list, the rest fail with {@code UNAVAILABLE} naming it;
   * a retry around this method picks anew, one inside stays.
   *
   * <p>Deadline and cancellation come from gRPC's {@code Context} and the stub, as for any call.
   *
   * @param <T> what the function returns
   * @param <E> what it may throw
   * @param pick for the first call
   * @param function makes the calls with the stub that it is given
   * @return what the function returned
   * @throws E what the function threw
   */
  public <T, E extends Exception> T call(Pick pick, CallFunction<? super S, T, E> function)
      throws E {
    requireNonNull(pick, "pick");
    requireNonNull(function, "function");
    Pin pin = clientChannel.newPin();
    Channel pinned = ClientInterceptors.intercept(channel, new AddOption<>(Pin.OPTION, pin));
    return function.apply(withPick(pinned, pick));
  }

  /**
   * A gRPC stub carries the pick itself, and can be given another; a class of the user's cannot.
   */
  @SuppressWarnings("unchecked") // withOption returns a stub of the same class
  private S withPick(Channel channel, Pick pick) {
    return stub instanceof AbstractStub<?>
        ? (S) ((AbstractStub<?>) stubs.apply(channel)).withOption(Pick.OPTION, pick)
        : stubs.apply(ClientInterceptors.intercept(channel, new AddOption<>(Pick.OPTION, pick)));
  }

  /**
   * The channel under the stubs, for stubs of other services on the same target.
   *
   * @return a channel that balances
   */
  public Channel channel() {
    return channel;
  }

  /**
   * Whom this client calls.
   *
   * @return the target
   */
  public Target target() {
    return clientChannel.target();
  }

  /**
   * What the client knows and would do, for pages and tests.
   *
   * @return a live view
   */
  public ClientView view() {
    return clientChannel;
  }

  /**
   * Refuses new calls, lets those in flight end within the {@linkplain ClientOptions#gracePeriod
   * grace period}, then cuts them; blocks that long at most, and a second more. Where other clients
   * share the channel, calls in flight end by themselves and nothing blocks. Idempotent.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.run();
    }
  }

  /** The target. */
  @Override
  public String toString() {
    return "RpcClient(" + target() + ")";
  }

  /**
   * Builds a client by hand; with Guice see {@link RpcBinder}. Not thread-safe.
   *
   * @param <S> the stub
   */
  public static final class Builder<S> extends ClientOptions<Builder<S>> {
    private final Target target;
    private final Function<? super Channel, ? extends S> stubs;
    private final List<InstalledDiscovery> discoveries = new ArrayList<>();
    private final List<ClientFeature> features = new ArrayList<>();
    private ChannelFactory channelFactory = ChannelFactory.network();
    private Sources sources = Sources.of(TimeSource.system());

    private Builder(Target target, Function<? super Channel, ? extends S> stubs) {
      this.target = target;
      this.stubs = stubs;
    }

    @Override
    Builder<S> self() {
      return this;
    }

    /**
     * Where the endpoints come from, unless the target lists them under {@code static}. Of several
     * the first serves a target without a scheme.
     *
     * @param discovery serves a target without a scheme, or with one of its own
     * @return this
     */
    public Builder<S> discovery(Discovery discovery) {
      discoveries.add(new InstalledDiscovery(discovery, discoveries.isEmpty()));
      return this;
    }

    /**
     * Adds what a plug-in offers, such as retries.
     *
     * @param feature the plug-in's; closed by whoever made it
     * @return this
     */
    public Builder<S> feature(ClientFeature feature) {
      features.add(requireNonNull(feature, "feature"));
      return this;
    }

    /**
     * Another transport.
     *
     * @param channelFactory {@link ChannelFactory#network()} by default
     * @return this
     */
    public Builder<S> channelFactory(ChannelFactory channelFactory) {
      this.channelFactory = requireNonNull(channelFactory, "channelFactory");
      return this;
    }

    /**
     * Another source of time, for tests.
     *
     * @param time in place of the system's
     * @return this
     */
    public Builder<S> time(TimeSource time) {
      sources = sources.withTime(time);
      return this;
    }

    /**
     * Another source of chance, for tests.
     *
     * @param random asked at each pick on the calling thread
     * @return this
     */
    public Builder<S> random(Supplier<? extends RandomGenerator> random) {
      sources = sources.withRandom(random);
      return this;
    }

    /**
     * Where shard maps are built, and host names of {@code static} targets looked up, which blocks;
     * two daemon threads by default, which end when idle.
     *
     * @param executor not shut down by the client
     * @return this
     */
    public Builder<S> executor(Executor executor) {
      sources = sources.withExecutor(executor);
      return this;
    }

    /**
     * Makes the client and starts to watch its target.
     *
     * @return an open client, for the caller to close
     * @throws dev.tahini.rpc.InvalidValueException if the options do not fit each other or the
     *     target
     */
    public RpcClient<S> build() {
      Discovery discovery = new Discoveries(discoveries, sources).of(target);
      ClientChannel channel =
          ClientChannel.open(channelSpec(target, discovery, features, channelFactory, sources));
      Duration grace = gracePeriod();
      Runnable close =
          () -> {
            channel.shutdown();
            channel.awaitOrCut(grace);
          };
      try {
        return new RpcClient<>(channel, stubs, interceptors(), close);
      } catch (RuntimeException | Error e) {
        channel.shutdown();
        channel.awaitOrCut(Duration.ZERO);
        throw e;
      }
    }
  }
}
