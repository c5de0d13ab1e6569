package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.HostPort;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.ShardMap;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.core.shard.ShardMaps;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a client, the same for {@link RpcClient.Builder} and {@link RpcBinder}. Every
 * method returns this object. Not thread-safe.
 *
 * @param <B> the kind of options that the methods return
 */
public abstract class ClientOptions<B extends ClientOptions<B>> {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

  private final List<ClientInterceptor> interceptors = new ArrayList<>();
  private final List<Consumer<? super ManagedChannelBuilder<?>>> customizers = new ArrayList<>();
  private final List<Picker.Factory> pickers = new ArrayList<>();
  private ChannelSpec.Security security = ChannelSpec.Security.TLS;
  private ShardMap shardMap = ShardMaps.standard();
  private Duration gracePeriod = DEFAULT_GRACE;
  private @Nullable String authority;
  private @Nullable Duration callbackLimit;

  ClientOptions() {}

  /** This object, as what the methods return. */
  abstract B self();

  /**
   * Connects without TLS. Without this or {@link #credentials} connections are TLS with the JVM's
   * trusted certificates.
   *
   * @return this
   */
  public B plaintext() {
    return security(ChannelSpec.Security.PLAINTEXT);
  }

  /**
   * Connects with the given credentials.
   *
   * @param credentials such as {@code TlsChannelCredentials.newBuilder()...build()}
   * @return this
   */
  public B credentials(ChannelCredentials credentials) {
    return security(new ChannelSpec.Security(false, requireNonNull(credentials, "credentials")));
  }

  private B security(ChannelSpec.Security chosen) {
    if (!security.equals(ChannelSpec.Security.TLS)) {
      throw new InvalidValueException(
          "credentials", "given twice", "plaintext() or credentials(...) once");
    }
    security = chosen;
    return self();
  }

  /**
   * The name that the servers' certificates must have, also sent as {@code :authority}. Without it
   * the target's host, with its port where that is a number.
   *
   * @param authority {@code host} or {@code host:port}, such as {@code "greeter.prod"}
   * @return this
   * @throws InvalidValueException if it has not that form
   */
  public B authority(String authority) {
    this.authority = HostPort.parse(requireNonNull(authority, "authority")).toString();
    return self();
  }

  /**
   * Adds interceptors of this client's calls. They run outside of those that features add.
   *
   * @param interceptors the outermost first
   * @return this
   */
  public B intercept(ClientInterceptor... interceptors) {
    for (ClientInterceptor interceptor : interceptors) {
      this.interceptors.add(requireNonNull(interceptor, "interceptor"));
    }
    return self();
  }

  /**
   * Sets what gRPC offers beyond these options, such as keepalive or the largest message:
   *
   * <pre>{@code
   * .channel(c -> c.keepAliveTime(30, SECONDS).maxInboundMessageSize(16 << 20))
   * }</pre>
   *
   * <p>The load-balancing policy and the name resolver stay the client's own; a service config that
   * is given here must not name another policy. Clients share a channel only if they were given the
   * very same consumers.
   *
   * @param customizer called once with the channel's builder, after the client's own settings
   * @return this
   */
  public B channel(Consumer<? super ManagedChannelBuilder<?>> customizer) {
    customizers.add(requireNonNull(customizer, "customizer"));
    return self();
  }

  /**
   * Runs the callbacks of asynchronous and future stubs on gRPC's event loops in place of an
   * executor: calls are spared the hop.
   *
   * <p>The danger: a callback that blocks, or calculates for long, holds up every connection of its
   * event loop, those of other clients among them; one that waits for another call can wait for
   * ever. For services whose callbacks hand on what they got, and do no more. Blocking stubs are
   * not affected. A callback that holds its event loop up is logged as a warning, with its stack.
   * An executor that {@link #channel} sets takes precedence.
   *
   * @param warnAfter how long a callback may take; one that takes twice as long is found for sure
   * @return this
   * @throws InvalidValueException if it is not longer than zero
   */
  public B callbacksOnEventLoop(Duration warnAfter) {
    if (requireNonNull(warnAfter, "warnAfter").isNegative() || warnAfter.isZero()) {
      throw new InvalidValueException("warnAfter", warnAfter, "more than zero");
    }
    this.callbackLimit = warnAfter;
    return self();
  }

  /**
   * How {@link dev.tahini.rpc.Pick#shard} finds the owner of a key; {@link ShardMaps#standard()} by
   * default.
   *
   * @param shardMap the scheme
   * @return this
   */
  public B shardMap(ShardMap shardMap) {
    this.shardMap = requireNonNull(shardMap, "shardMap");
    return self();
  }

  /**
   * Adds a picker of the user's own, for {@link dev.tahini.rpc.Pick#with}.
   *
   * @param factory whose name no other picker has
   * @return this
   */
  public B picker(Picker.Factory factory) {
    pickers.add(requireNonNull(factory, "factory"));
    return self();
  }

  /**
   * How long closing the client lets calls in flight go on before it cuts them; 5 s by default.
   *
   * @param gracePeriod zero or more
   * @return this
   * @throws InvalidValueException if it is negative
   */
  public B gracePeriod(Duration gracePeriod) {
    if (requireNonNull(gracePeriod, "gracePeriod").isNegative()) {
      throw new InvalidValueException("gracePeriod", gracePeriod, "zero or more");
    }
    this.gracePeriod = gracePeriod;
    return self();
  }

  List<ClientInterceptor> interceptors() {
    return List.copyOf(interceptors);
  }

  Duration gracePeriod() {
    return gracePeriod;
  }

  /** The channel that these options ask for. */
  ChannelSpec channelSpec(
      Target target,
      Discovery discovery,
      List<ClientFeature> features,
      ChannelFactory channelFactory,
      Sources sources) {
    return new ChannelSpec(
        target,
        security,
        authority,
        discovery,
        shardMap,
        pickers,
        features,
        customizers,
        callbackLimit,
        channelFactory,
        sources);
  }
}
