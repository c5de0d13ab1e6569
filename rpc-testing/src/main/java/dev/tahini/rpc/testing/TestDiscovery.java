package dev.tahini.rpc.testing;

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
import java.util.function.Consumer;
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
  private final TestEndpoints template;
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
    this.template = new TestEndpoints(Target.parse(SCHEME + ":///every-target"), time.clock());
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
      TestEndpoints known = byTarget.get(target);
      if (known == null) {
        known = new TestEndpoints(target, time.clock());
        known.copy(template);
        byTarget.put(target, known);
      }
      return known;
    }
  }

  private void everywhere(Consumer<TestEndpoints> change) {
    List<TestEndpoints> known;
    synchronized (byTarget) {
      change.accept(template);
      known = List.copyOf(byTarget.values());
    }
    known.forEach(change);
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
    everywhere(target -> target.set(endpoints));
  }

  /**
   * {@link TestEndpoints#add} for every target.
   *
   * @param endpoint the new one, or what has become of one
   */
  public void add(Endpoint endpoint) {
    everywhere(target -> target.add(endpoint));
  }

  /**
   * {@link TestEndpoints#remove} for every target.
   *
   * @param address of the one that leaves
   * @throws InvalidValueException if it is not listed
   */
  public void remove(SocketAddress address) {
    everywhere(target -> target.remove(address));
  }

  /** Removes one wherever it is listed. */
  void delist(SocketAddress address) {
    everywhere(target -> target.delist(address));
  }

  /** {@link TestEndpoints#empty} for every target. */
  public void empty() {
    everywhere(TestEndpoints::empty);
  }

  /**
   * {@link TestEndpoints#fail} for every target.
   *
   * @param status why; not OK
   * @throws InvalidValueException if it is OK
   */
  public void fail(Status status) {
    everywhere(target -> target.fail(status));
  }

  /** {@link TestEndpoints#goSilent} for every target. */
  public void goSilent() {
    everywhere(TestEndpoints::goSilent);
  }

  /** {@link TestEndpoints#resume} for every target. */
  public void resume() {
    everywhere(TestEndpoints::resume);
  }

  /**
   * Waits until every client that has this {@linkplain
   * dev.tahini.rpc.core.RpcClient.Builder#feature feature} picks from the last list that was set.
   * Its backends need not be connected yet. Waits in the system's time.
   *
   * @throws IllegalStateException if a client watches that has not this feature, so that nobody
   *     tells what it has applied
   * @throws AssertionError after 10 s
   */
  public void awaitApplied() {
    for (TestEndpoints endpoints : known()) {
      requireFeature(endpoints);
      changes.await(
          () -> "clients to apply " + endpoints + "; applied are " + clients,
          () -> clients.stream().allMatch(client -> client.isUpToDate(endpoints)));
    }
  }

  private List<TestEndpoints> known() {
    synchronized (byTarget) {
      return List.copyOf(byTarget.values());
    }
  }

  private void requireFeature(TestEndpoints endpoints) {
    long heard = clients.stream().filter(client -> client.isOf(endpoints)).count();
    int watches = endpoints.watches();
    if (watches > heard) {
      throw new IllegalStateException(
          "watches of "
              + endpoints.target()
              + ": "
              + watches
              + ", clients heard of: "
              + heard
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
    return on(target).watch(listener);
  }

  /** Hears what a client applies. */
  @Override
  public Optional<CallEvents> events(ClientView client) {
    Applied applied = new Applied(client.target());
    clients.add(applied);
    return Optional.of(applied);
  }

  /** The list that a client uses. */
  private final class Applied implements CallEvents {
    private final Target target;
    private volatile @Nullable List<Endpoint> applied;

    Applied(Target target) {
      this.target = target;
    }

    boolean isOf(TestEndpoints endpoints) {
      return target.equals(endpoints.target());
    }

    boolean isUpToDate(TestEndpoints endpoints) {
      return !isOf(endpoints) || endpoints.isLastTold(applied);
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
