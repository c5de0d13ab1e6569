package dev.tahini.rpc.testing;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.CallEvents;
import dev.tahini.rpc.ClientFeature;
import dev.tahini.rpc.ClientView;
import dev.tahini.rpc.Discovery;
import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Target;
import dev.tahini.rpc.TimeSource;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A discovery that says what the test says: it lists, adds, removes, fails and falls silent. Until
 * then it has not answered.
 *
 * <pre>{@code
 * TestDiscovery discovery = new TestDiscovery();
 * RpcClient<GreeterBlockingStub> client =
 *     RpcClient.builder("greeter.prod:grpc", GreeterGrpc::newBlockingStub)
 *         .discovery(discovery)
 *         .feature(discovery) // so that awaitApplied() hears of the client
 *         .plaintext()
 *         .build();
 * discovery.set(server.endpoint());
 * discovery.awaitApplied();
 * }</pre>
 *
 * <p>Its own methods speak of every target, also of those that nobody watches yet; {@link #on}
 * speaks of one. In a Guice graph {@link TestDiscoveryModule} puts it in the place of the real one.
 * Thread-safe.
 */
public final class TestDiscovery implements Discovery, ClientFeature {
  private static final String SCHEME = "test";

  private final Set<String> schemes;
  private final TimeSource time;

  /** For targets that nobody has named yet. Guarded by the map's monitor, as the map is. */
  private Said everywhere = Said.NOTHING;

  private final Map<Target, TestEndpoints> byTarget = new LinkedHashMap<>();
  private final List<Applied> clients = new CopyOnWriteArrayList<>();
  private final Changes changes = new Changes();

  /**
   * In the system's time.
   *
   * @param schemes of the targets that it serves, beside those without one; {@code "test"} if none
   *     is given
   */
  public TestDiscovery(String... schemes) {
    this(TimeSource.system(), schemes);
  }

  /**
   * In a time of the test's.
   *
   * @param time when the source last said anything good
   * @param schemes of the targets that it serves, beside those without one; {@code "test"} if none
   *     is given
   */
  public TestDiscovery(TimeSource time, String... schemes) {
    this.schemes = schemes.length == 0 ? Set.of(SCHEME) : Set.of(schemes);
    this.time = time;
  }

  /**
   * What it says of one target.
   *
   * @param target as the client's builder or binding has it
   * @return always the same for a target
   * @throws InvalidValueException if it is none
   */
  public TestEndpoints on(String target) {
    return on(Target.parse(target));
  }

  private TestEndpoints on(Target target) {
    synchronized (byTarget) {
      return byTarget.computeIfAbsent(
          target, first -> new TestEndpoints(first, time.clock(), everywhere));
    }
  }

  /** All or none: a change that one target refuses changes no other. */
  private void everywhere(UnaryOperator<Said> change) {
    List<TestEndpoints> changed;
    synchronized (byTarget) {
      changed = known();
      changed.forEach(target -> requireNonNull(change.apply(target.said())));
      everywhere = change.apply(everywhere);
      changed.forEach(target -> target.update(change));
    }
    changed.forEach(TestEndpoints::deliver);
  }

  /**
   * {@link TestEndpoints#set(Endpoint...)} for every target.
   *
   * @param endpoints all of them; none is an empty list
   * @throws InvalidValueException if an address is among them twice
   */
  public void set(Endpoint... endpoints) {
    set(List.of(endpoints));
  }

  /**
   * {@link TestEndpoints#set(List)} for every target.
   *
   * @param endpoints all of them; may be empty
   * @throws InvalidValueException if an address is among them twice
   */
  public void set(List<Endpoint> endpoints) {
    everywhere(now -> now.listing(endpoints));
  }

  /**
   * {@link TestEndpoints#add} for every target.
   *
   * @param endpoint the new one, or what has become of one
   */
  public void add(Endpoint endpoint) {
    everywhere(now -> now.adding(endpoint));
  }

  /**
   * {@link TestEndpoints#remove} for every target that lists it.
   *
   * @param address of the one that leaves
   * @throws InvalidValueException if it is listed for none
   */
  public void remove(SocketAddress address) {
    synchronized (byTarget) {
      if (!everywhere.lists(address)
          && known().stream().noneMatch(target -> target.said().lists(address))) {
        throw new InvalidValueException("address", address, "one of those listed: " + this);
      }
    }
    delist(address);
  }

  /** Removes one wherever it is listed. */
  void delist(SocketAddress address) {
    everywhere(now -> now.without(address));
  }

  /** {@link TestEndpoints#empty} for every target. */
  public void empty() {
    set();
  }

  /**
   * {@link TestEndpoints#fail} for every target.
   *
   * @param status why; not OK
   * @throws InvalidValueException if it is OK
   */
  public void fail(Status status) {
    everywhere(now -> now.failing(status));
  }

  /** {@link TestEndpoints#goSilent} for every target. */
  public void goSilent() {
    everywhere(Said::goingSilent);
  }

  /** {@link TestEndpoints#resume} for every target. */
  public void resume() {
    everywhere(Said::speaking);
  }

  /**
   * Waits until every client that has this {@linkplain
   * dev.tahini.rpc.core.RpcClient.Builder#feature feature} picks from the last list that was set.
   * Its backends need not be connected yet. Waits in the system's time.
   *
   * @throws IllegalStateException if a client watches that has not this feature, so that nobody
   *     tells what it has applied
   * @throws AssertionError after 15 s
   */
  public void awaitApplied() {
    known().forEach(TestDiscovery::requireFeature);
    changes.await(
        () -> "clients to apply " + known() + "; applied are " + clients,
        () -> clients.stream().allMatch(Applied::isUpToDate));
  }

  private List<TestEndpoints> known() {
    synchronized (byTarget) {
      return List.copyOf(byTarget.values());
    }
  }

  private static void requireFeature(TestEndpoints endpoints) {
    long unheard = endpoints.unlinkedWatches();
    if (unheard > 0) {
      throw new IllegalStateException(
          "clients of "
              + endpoints.target()
              + " that do not tell what they apply: "
              + unheard
              + " (expected: .feature(discovery) beside .discovery(discovery) on each client's"
              + " builder, or TestDiscoveryModule)");
    }
  }

  @Override
  public Set<String> schemes() {
    return schemes;
  }

  @Override
  public Subscription watch(Target target, Listener listener) {
    TestEndpoints.Watch watch = on(target).watch(listener);
    // A client asks its features and then begins to watch, on one thread.
    clients.stream()
        .filter(client -> client.isAbout(target))
        .findFirst()
        .ifPresent(client -> client.link(watch));
    return watch;
  }

  /** Hears what a client applies. */
  @Override
  public Optional<CallEvents> events(ClientView client) {
    Applied applied = new Applied(client.target(), Thread.currentThread());
    clients.add(applied);
    return Optional.of(applied);
  }

  /** The list that a client uses. */
  private final class Applied implements CallEvents {
    private final Target target;
    private final Thread builder;
    private volatile TestEndpoints.@Nullable Watch watch;
    private volatile @Nullable List<Endpoint> applied;

    Applied(Target target, Thread builder) {
      this.target = target;
      this.builder = builder;
    }

    /** Whether it is of the client that begins to watch on this thread. */
    boolean isAbout(Target watched) {
      return watch == null && builder == Thread.currentThread() && target.equals(watched);
    }

    void link(TestEndpoints.Watch its) {
      watch = its;
      its.link();
    }

    /** A client that has not begun to watch, or does no more, is waited for by nobody. */
    boolean isUpToDate() {
      TestEndpoints.Watch its = watch;
      return its == null || !its.isOpen() || its.hasTold(applied);
    }

    @Override
    public void onEndpointsApplied(EndpointsApplied event) {
      applied = event.endpoints();
      changes.signal();
    }

    @Override
    public void onClientClosed() {
      clients.remove(this);
      changes.signal();
    }

    @Override
    public String toString() {
      return target + ": " + applied;
    }
  }

  /** Its schemes, and what it says of each target. */
  @Override
  public String toString() {
    return "TestDiscovery" + schemes + known();
  }
}
