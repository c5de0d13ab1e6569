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
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Function;
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
    this.realDelays = new ScheduledThreadPoolExecutor(1, new DaemonThreads("delays", target));
    realDelays.setRemoveOnCancelPolicy(true);
    this.transport =
        options.loopback ? new LoopbackTransport(target) : new InProcessTransport(target, given);
    this.backends =
        new ClusterBackends(
            options.services,
            transport,
            new TestBackend.Surroundings(
                target, log, changes, given == null ? realDelays : given.scheduler(), realDelays));
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
   * Lists these backends and no others, each as it was listed from the start.
   *
   * @param names of the backends; none for an empty list
   * @throws InvalidValueException if there is none of a name, or it is given twice
   */
  public void list(String... names) {
    discovery.set(Arrays.stream(names).map(this::backend).map(TestBackend::endpoint).toList());
  }

  /** {@link TestBackend#hang} for every backend. */
  public void hang() {
    backends().forEach(TestBackend::hang);
  }

  /** {@link TestBackend#release} for every backend. */
  public void release() {
    backends().forEach(TestBackend::release);
  }

  /** {@link TestBackend#heal} for every backend. */
  public void heal() {
    backends().forEach(TestBackend::heal);
  }

  /**
   * Makes a client of the backends, in plaintext, whose calls are recorded with their keys.
   *
   * @param <S> the stub
   * @param stubs makes a stub of a channel, such as {@code GreeterGrpc::newBlockingStub}
   * @return a new client, closed with the cluster if not before; that cuts its calls
   */
  public <S> RpcClient<S> client(Function<? super Channel, ? extends S> stubs) {
    return closing(this.<S>clientBuilder(stubs).build());
  }

  /**
   * Makes such a client with other options.
   *
   * @param <S> the stub
   * @param stubs makes a stub of a channel
   * @param options sets them, such as {@code client -> client.picker(new ByTenant())}
   * @return a new client, closed with the cluster if not before
   */
  public <S> RpcClient<S> client(
      Function<? super Channel, ? extends S> stubs,
      Consumer<? super RpcClient.Builder<S>> options) {
    RpcClient.Builder<S> builder = clientBuilder(stubs);
    options.accept(builder);
    return closing(builder.build());
  }

  private <S> RpcClient<S> closing(RpcClient<S> client) {
    clients.removeIf(earlier -> !feature.isOpen(earlier.view()));
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
    backends.members().requireOpen();
    discovery.awaitApplied();
  }

  /**
   * Waits, in the system's time, until a client is connected to every backend that is listed, up,
   * and lets connections through. If there is none, such as before discovery has listed any, there
   * is nothing to wait for.
   *
   * @param client of this cluster
   * @throws IllegalStateException if it is closed, or has not the cluster's {@linkplain #feature
   *     feature}
   * @throws AssertionError after 15 s
   */
  public void awaitReady(RpcClient<?> client) {
    awaitApplied();
    if (!feature.isOpen(client.view())) {
      throw new IllegalStateException(
          "awaitReady: "
              + client
              + " is closed, or not of this cluster (expected: an open client by client(...), or"
              + " with .feature(cluster.feature()))");
    }
    changes.await(
        () ->
            client
                + " to be connected to "
                + backends.reachableBy(client.view().snapshot())
                + (time instanceof FakeTime ? "; is its time to be advanced?\n" : "\n")
                + describe(),
        () -> backends.areConnected(client.view().snapshot(), snapshots()));
  }

  /**
   * Which backend owns which key, by the backends' names. Makes no call.
   *
   * @param client of this cluster, as it sees its backends now
   * @param keys whose owners are asked for
   * @return the owners; one that is not a backend any more goes by its address
   * @throws AssertionError if the client has no backend
   */
  public KeyOwners owners(RpcClient<?> client, Collection<String> keys) {
    backends.members().requireOpen();
    Map<String, String> names = new HashMap<>();
    backends().forEach(backend -> names.put(backend.address(), backend.name()));
    return KeyOwners.seenBy(client.view(), keys).named(names);
  }

  /**
   * Waits, in the system's time, until attempts are in flight on all backends together. Those that
   * a fault is to hold are held by then: a delay runs.
   *
   * @param attempts at least so many; 1 or more
   * @throws InvalidValueException if it is fewer; for none there is {@link #awaitIdle}
   * @throws AssertionError after 15 s
   */
  public void awaitInFlight(int attempts) {
    Counts.requireSome("attempts", attempts);
    changes.await(
        () -> Counts.atLeast(attempts, "attempts in flight", log.inFlight()),
        () -> log.inFlight() >= attempts && !log.isArriving());
  }

  /**
   * Waits, in the system's time, until no attempt is in flight on any backend.
   *
   * @throws AssertionError after 15 s
   */
  public void awaitIdle() {
    changes.await(() -> "no attempt in flight, not " + log.inFlight(), () -> log.inFlight() == 0);
  }

  /**
   * Waits, in the system's time, until calls hang on all backends together.
   *
   * @param calls at least so many; 1 or more
   * @throws InvalidValueException if it is fewer
   * @throws AssertionError after 15 s
   */
  public void awaitHanging(int calls) {
    Counts.requireSome("calls", calls);
    changes.await(
        () -> Counts.atLeast(calls, "hanging calls", hanging()), () -> hanging() >= calls);
  }

  private int hanging() {
    return backends.members().all().stream().mapToInt(TestBackend::hanging).sum();
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
   * Idempotent. If one of them does not end as it should, the others still do.
   *
   * @throws IllegalStateException naming the backend if one does not stop in some seconds, because
   *     its service blocks and does not heed interrupts
   */
  @Override
  public void close() {
    if (backends.members().close()) {
      endings().await();
    }
  }

  private void closeAfter(Throwable failure) {
    if (backends.members().close()) {
      endings().awaitAfter(failure);
    }
  }

  private Endings endings() {
    Endings endings = new Endings();
    clients.forEach(client -> endings.add(client::close));
    backends.endBy(endings);
    endings.add(realDelays::shutdownNow); // until here calls may arrive that it is to delay
    return endings.add(transport::close);
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
        if (listed) {
          cluster.discovery.set(cluster.backends().stream().map(TestBackend::endpoint).toList());
        }
        return cluster;
      } catch (RuntimeException | Error e) {
        cluster.closeAfter(e);
        throw e;
      }
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
