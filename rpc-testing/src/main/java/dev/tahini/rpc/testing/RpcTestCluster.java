package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientSnapshot;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import dev.tahini.rpc.core.ChannelFactory;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.BindableService;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Several backends behind one target, for tests of what happens between them: they are killed,
 * restarted, drained, added and removed, each has faults of its own, and all that arrives at them
 * is recorded.
 *
 * <pre>{@code
 * try (RpcTestCluster cluster = RpcTestCluster.inProcess(GreeterService::new, "a", "b", "c")) {
 *   RpcClient<GreeterBlockingStub> client = cluster.client(GreeterGrpc::newBlockingStub);
 *   cluster.backend("a").failNext(1, Failure.of(Status.UNAVAILABLE));
 *   ...
 *   assertEquals("b", cluster.attempts().get(1).backend());
 * }
 * }</pre>
 *
 * <p>In-process is the quicker one, and follows a {@link FakeTime} altogether. On loopback there
 * are sockets, so that connections can be refused, reset and held; there a {@code FakeTime} drives
 * what is Tahini's, but not gRPC's backoffs and deadlines. Several clusters may be open at once.
 * Services run on daemon threads of their backend, and may block.
 *
 * <p>Thread-safe. After it was closed, what was recorded can be read and everything else is an
 * {@link IllegalStateException}.
 */
public final class RpcTestCluster implements AutoCloseable {
  private final Changes changes = new Changes();
  private final AttemptLog log = new AttemptLog(changes);
  private final ClusterFeature feature = new ClusterFeature(changes);
  private final List<RpcClient<?>> clients = new CopyOnWriteArrayList<>();
  private final String target;
  private final TimeSource time;
  private final TestDiscovery discovery;
  private final ScheduledThreadPoolExecutor realDelays;
  private final Transport transport;
  private final ClusterBackends backends;

  private RpcTestCluster(Builder options) {
    this.target = options.target;
    TimeSource given = options.time;
    this.time = given == null ? TimeSource.system() : given;
    String scheme = Target.parse(target).scheme();
    this.discovery =
        new TestDiscovery(time, scheme == null ? new String[0] : new String[] {scheme});
    this.realDelays = new ScheduledThreadPoolExecutor(1, new DaemonThreads("delays"));
    realDelays.setRemoveOnCancelPolicy(true);
    this.transport =
        options.loopback ? new LoopbackTransport() : new InProcessTransport(target, given);
    this.backends =
        new ClusterBackends(
            options.services,
            transport,
            new TestBackend.Surroundings(
                log, changes, given == null ? realDelays : given.scheduler(), realDelays));
  }

  /**
   * Starts backends inside this JVM, without sockets.
   *
   * @param services makes the service of a backend, from its name
   * @param names of the backends
   * @return the running cluster; more options are at {@link #builder}
   * @throws InvalidValueException if two have one name
   */
  public static RpcTestCluster inProcess(
      Function<String, ? extends BindableService> services, String... names) {
    return builder().inProcess().services(services).backends(names).start();
  }

  /**
   * Starts backends on free ports of the loopback address, in plaintext.
   *
   * @param services makes the service of a backend, from its name
   * @param names of the backends
   * @return the running cluster; more options are at {@link #builder}
   * @throws InvalidValueException if two have one name
   */
  public static RpcTestCluster loopback(
      Function<String, ? extends BindableService> services, String... names) {
    return builder().loopback().services(services).backends(names).start();
  }

  /**
   * Begins a cluster with other options.
   *
   * @return options, then {@link Builder#start()}
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What clients call.
   *
   * @return {@code "test-cluster"} unless the builder said otherwise
   */
  public String target() {
    return target;
  }

  /**
   * Lists the backends, from the start unless the builder said otherwise. Tests may drive it, such
   * as to list a backend with another weight, or one that stays up no more.
   *
   * @return always the same
   */
  public TestDiscovery discovery() {
    return discovery;
  }

  /**
   * The time of the clients, and in-process of the servers.
   *
   * @return the builder's, or the system's
   */
  public TimeSource time() {
    return time;
  }

  /**
   * One of the backends.
   *
   * @param name of one that was started and not removed
   * @return the backend
   * @throws InvalidValueException naming the others if there is none of this name
   */
  public TestBackend backend(String name) {
    return backends.members().get(name);
  }

  /**
   * All backends.
   *
   * @return a copy, in the order of their starts
   */
  public List<TestBackend> backends() {
    return List.copyOf(backends.members().all());
  }

  /**
   * Starts one more backend, and lists it.
   *
   * @param name that no other has
   * @return the backend
   * @throws InvalidValueException if the name is taken
   */
  public TestBackend add(String name) {
    return add(name, UnaryOperator.identity());
  }

  /**
   * Starts one more backend, and lists it with a weight, a zone, or what else it is to have.
   *
   * @param name that no other has
   * @param listed makes its endpoint of one that has its address and its name
   * @return the backend
   * @throws InvalidValueException if the name is taken, or the endpoint has another address
   */
  public TestBackend add(String name, UnaryOperator<Endpoint> listed) {
    TestBackend added = backends.start(name, listed, null);
    discovery.add(added.endpoint());
    return added;
  }

  /**
   * Takes a backend away: ends its faults, lists it no more, lets its calls in flight finish, and
   * stops it. Its records stay. To lose calls, {@link TestBackend#kill} it first; to delist it and
   * no more, use {@link #discovery()}.
   *
   * @param name of the backend
   * @throws InvalidValueException if there is none of this name
   * @throws AssertionError if its calls have not finished within 15 s; they are cut then
   */
  public void remove(String name) {
    backends.members().requireOpen();
    TestBackend leaving = backend(name);
    leaving.heal();
    discovery.delist(leaving.endpoint().address());
    backends.stop(leaving);
  }

  /**
   * Makes a client of the backends, in plaintext, whose calls are recorded with their keys.
   *
   * @param <S> the stub
   * @param stubs makes a stub of a channel, such as {@code GreeterGrpc::newBlockingStub}
   * @return a new client, closed with the cluster if not before; that cuts its calls
   */
  public <S> RpcClient<S> client(Function<? super Channel, ? extends S> stubs) {
    RpcClient<S> client = this.<S>clientBuilder(stubs).build();
    clients.add(client);
    return client;
  }

  /**
   * Begins such a client with other options.
   *
   * @param <S> the stub
   * @param stubs makes a stub of a channel
   * @return a builder with discovery, features, transport, time and plaintext set; what it builds
   *     is the caller's to close
   */
  public <S> RpcClient.Builder<S> clientBuilder(Function<? super Channel, ? extends S> stubs) {
    backends.members().requireOpen();
    return RpcClient.<S>builder(target, stubs)
        .discovery(discovery)
        .feature(feature)
        .feature(discovery)
        .channelFactory(channelFactory())
        .time(time)
        .plaintext()
        .gracePeriod(Duration.ZERO);
  }

  /**
   * What makes a client's calls known to the cluster, for clients that are made elsewhere, such as
   * in a Guice graph. It numbers calls, so it comes before a feature that retries them. The
   * {@linkplain #discovery() discovery} is a feature as well.
   *
   * @return always the same
   */
  public ClientFeature feature() {
    return feature;
  }

  /**
   * The transport for clients that are made elsewhere.
   *
   * @return always the same
   */
  public ChannelFactory channelFactory() {
    return transport.channelFactory();
  }

  /**
   * Waits until every client picks from the list that discovery has given last.
   *
   * @throws AssertionError after 15 s
   * @see TestDiscovery#awaitApplied()
   */
  public void awaitApplied() {
    discovery.awaitApplied();
  }

  /**
   * Waits, in the system's time, until a client is connected to every backend that is listed, up,
   * and lets connections through.
   *
   * @param client of this cluster
   * @throws AssertionError after 15 s
   */
  public void awaitReady(RpcClient<?> client) {
    discovery.awaitApplied();
    changes.await(
        () ->
            client
                + " to be connected to "
                + backends.reachable()
                + ": "
                + client.view().snapshot(),
        () -> backends.areConnected(client.view().snapshot(), snapshots()));
  }

  /**
   * Waits, in the system's time, until so many attempts are in flight on all backends together.
   *
   * @param attempts exactly so many
   * @throws AssertionError after 15 s
   */
  public void awaitInFlight(int attempts) {
    await("attempts in flight", attempts, log::inFlight);
  }

  /**
   * Waits, in the system's time, until so many calls hang on all backends together.
   *
   * @param calls exactly so many
   * @throws AssertionError after 15 s
   */
  public void awaitHanging(int calls) {
    await(
        "hanging calls",
        calls,
        () -> backends.members().all().stream().mapToInt(TestBackend::hanging).sum());
  }

  private void await(String what, int count, IntSupplier now) {
    changes.await(
        () -> count + " " + what + ", not " + now.getAsInt(), () -> now.getAsInt() == count);
  }

  /**
   * What has arrived at all backends, the last 100,000 attempts.
   *
   * @return an immutable copy, in the order of arrival
   */
  public List<RecordedAttempt> attempts() {
    return log.all();
  }

  /**
   * What each open client with the cluster's {@linkplain #feature feature} knows now, for what a
   * failing test prints.
   *
   * @return an immutable copy, in the order in which they were built
   */
  public List<ClientSnapshot> snapshots() {
    return feature.snapshots();
  }

  /**
   * The same as calls, and what can be asserted of them.
   *
   * @return the log of {@link #attempts()}
   */
  public CallLog calls() {
    return new CallLog(backends().stream().map(TestBackend::name).toList(), attempts());
  }

  /**
   * How everything stands: each client's backends, and what each backend received. What {@code
   * RpcClusterExtension} adds to a failed test.
   *
   * @return some lines of text
   */
  public String describe() {
    return ClusterDescription.of(this);
  }

  /**
   * Asserts, and waits for it in the system's time, that no attempt is open at the backends and no
   * client is open that has the cluster's {@linkplain #feature feature}: that the code under test
   * has closed what it opened. Those of {@link #client} are the cluster's own; close them before.
   *
   * @throws AssertionError after 15 s, with what is open
   */
  public void assertNothingOpen() {
    changes.await(
        () -> "nothing to be open (expected: every client closed)\n" + describe(),
        () -> log.inFlight() == 0 && snapshots().isEmpty());
  }

  /** Forgets the attempts that were recorded; numbers go on, and nothing else changes. */
  public void reset() {
    log.clear();
  }

  /**
   * Closes the clients of {@link #client}, stops the backends, and waits for the end of everything.
   * Idempotent.
   *
   * @throws IllegalStateException naming the backend if one does not stop in some seconds, because
   *     its service blocks and does not heed interrupts
   */
  @Override
  public void close() {
    if (!backends.members().close()) {
      return;
    }
    clients.forEach(RpcClient::close);
    realDelays.shutdownNow();
    backends.close();
  }

  /** The target, and the backends. */
  @Override
  public String toString() {
    return "RpcTestCluster(" + target + ": " + backends.members().all() + ")";
  }

  /** The options of a cluster. Every method returns this object. Not thread-safe. */
  public static final class Builder {
    private final List<Function<String, ? extends BindableService>> services = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, UnaryOperator<Endpoint>> endpoints = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private String target = "test-cluster";
    private @Nullable TimeSource time;
    private boolean loopback;
    private boolean listed = true;

    private Builder() {}

    /**
     * Backends inside this JVM: the default.
     *
     * @return this
     */
    public Builder inProcess() {
      loopback = false;
      return this;
    }

    /**
     * Backends on ports of the loopback address.
     *
     * @return this
     */
    public Builder loopback() {
      loopback = true;
      return this;
    }

    /**
     * Adds a service to each backend; may be used several times.
     *
     * @param service makes the service of a backend, from its name
     * @return this
     */
    public Builder services(Function<String, ? extends BindableService> service) {
      services.add(requireNonNull(service, "service"));
      return this;
    }

    /**
     * Adds backends.
     *
     * @param names that no other has
     * @return this
     * @throws InvalidValueException if two have one name
     */
    public Builder backends(String... names) {
      for (String name : names) {
        if (!this.names.add(name)) {
          throw new InvalidValueException("backend", name, "each name once in " + this.names);
        }
      }
      return this;
    }

    /**
     * How a backend is listed from the start: with a weight, a zone, a condition, another name.
     *
     * @param backend its name among {@link #backends}
     * @param listed makes its endpoint of one that has its address and its name
     * @return this
     */
    public Builder endpoint(String backend, UnaryOperator<Endpoint> listed) {
      endpoints.put(requireNonNull(backend, "backend"), requireNonNull(listed, "listed"));
      return this;
    }

    /**
     * A port for a backend on loopback, where it cannot be one of the system's choosing.
     *
     * @param backend its name among {@link #backends}
     * @param port 1 to 65535; to be free when the cluster starts
     * @return this
     */
    public Builder port(String backend, int port) {
      ports.put(requireNonNull(backend, "backend"), port);
      return this;
    }

    /**
     * Starts the backends and lists none: discovery has not answered until the test lets it.
     *
     * @return this
     */
    public Builder unlisted() {
      listed = false;
      return this;
    }

    /**
     * What clients call.
     *
     * @param target see {@link Target}; not of the scheme {@code static}
     * @return this
     * @throws InvalidValueException if it has not that form
     */
    public Builder target(String target) {
      Target parsed = Target.parse(target);
      if ("static".equals(parsed.scheme())) {
        throw new InvalidValueException("target", target, "one that is looked up, not static");
      }
      this.target = target;
      return this;
    }

    /**
     * The time of clients, delays, and in-process of servers.
     *
     * @param time such as a {@link FakeTime}; the system's by default
     * @return this
     */
    public Builder time(TimeSource time) {
      this.time = requireNonNull(time, "time");
      return this;
    }

    /**
     * Starts the backends.
     *
     * @return the running cluster, for the caller to close
     * @throws InvalidValueException if an option is of no backend, or a port is taken
     */
    public RpcTestCluster start() {
      requireKnown("endpoint", endpoints.keySet());
      requireKnown("port", ports.keySet());
      RpcTestCluster cluster = new RpcTestCluster(this);
      try {
        for (String name : names) {
          UnaryOperator<Endpoint> its = endpoints.getOrDefault(name, UnaryOperator.identity());
          cluster.backends.start(name, its, ports.get(name));
        }
      } catch (RuntimeException | Error e) {
        cluster.close();
        throw e;
      }
      if (listed) {
        cluster.discovery.set(cluster.backends().stream().map(TestBackend::endpoint).toList());
      }
      return cluster;
    }

    private void requireKnown(String option, Set<String> backends) {
      for (String backend : backends) {
        if (!names.contains(backend)) {
          throw new InvalidValueException(option + " of backend", backend, "one of " + names);
        }
      }
    }
  }
}
