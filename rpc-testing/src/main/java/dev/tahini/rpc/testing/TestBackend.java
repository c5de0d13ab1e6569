package dev.tahini.rpc.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.InvalidValueException;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;

/**
 * A server of a {@link RpcTestCluster}: what becomes of it, what is wrong with it, and what has
 * arrived at it.
 *
 * <p>It is up, draining or killed. Its service is the same one over all restarts, and its address,
 * too. A fault lasts until {@link #heal()}, also over a restart. Faults of calls combine: whether a
 * call fails is drawn as it arrives; it hangs, then is delayed, then fails or gets to the service.
 * Calls of methods that no service has are answered by gRPC, and not recorded.
 *
 * <p>Faults of connections need sockets: on a backend in-process they are an {@link
 * IllegalStateException}. What a new connection meets, {@link #holdConnections()} or {@link
 * #badGateway()}, is the last that was said; {@link #refuseConnections()} comes before both.
 *
 * <p>Thread-safe. Nothing but what says so waits. After the backend was removed, or its cluster
 * closed, what it has recorded can be read and everything else is an {@link IllegalStateException}.
 */
public final class TestBackend {
  private static final long PATIENCE_SECONDS = 3;

  private final String name;
  private final Endpoint endpoint;
  private final Changes changes;
  private final AttemptLog log;
  private final Surroundings surroundings;
  private final FailureDraws failures = new FailureDraws();
  private final HeldCalls held;
  private final Connections connections;
  private final ThreadPoolExecutor executor;
  private final BackendServer server;
  private volatile boolean closed;

  /**
   * What the backends of a cluster have in common.
   *
   * @param cluster what its threads are named after
   * @param delays in the cluster's time
   * @param realDelays in the system's
   */
  record Surroundings(
      String cluster,
      AttemptLog log,
      Changes changes,
      ScheduledExecutorService delays,
      ScheduledExecutorService realDelays) {}

  private TestBackend(
      String name,
      Endpoint endpoint,
      Front front,
      List<ServerServiceDefinition> services,
      Surroundings surroundings) {
    this.name = name;
    this.endpoint = endpoint;
    this.surroundings = surroundings;
    this.changes = surroundings.changes();
    this.log = surroundings.log();
    this.held = new HeldCalls(changes);
    this.connections = new Connections(changes);
    this.executor =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            1,
            SECONDS,
            new SynchronousQueue<>(),
            new DaemonThreads(name, surroundings.cluster()),
            new ThreadPoolExecutor.DiscardPolicy()); // what gRPC says after the end
    BackendInterceptor interceptor = new BackendInterceptor(name, log, failures, held, executor);
    ServerRecipe recipe = new ServerRecipe(services, interceptor, connections, executor);
    this.server = new BackendServer(name, front, recipe, changes);
  }

  /**
   * A backend that is not up yet; it owns the front, also if it cannot be made.
   *
   * @param listed makes its endpoint of one that has its address and its name
   * @throws InvalidValueException if that changes the address
   */
  static TestBackend of(
      String name,
      Front front,
      List<ServerServiceDefinition> services,
      UnaryOperator<Endpoint> listed,
      Surroundings surroundings) {
    try {
      Endpoint endpoint = listed.apply(Endpoint.of(front.address()).withName(name));
      if (!endpoint.address().equals(front.address())) {
        throw new InvalidValueException(
            "endpoint of backend " + name, endpoint, "one whose address is " + front.address());
      }
      return new TestBackend(name, endpoint, front, services, surroundings);
    } catch (RuntimeException | Error e) {
      new Endings().add(front::close).awaitAfter(e);
      throw e;
    }
  }

  void start() {
    server.start();
  }

  /**
   * Its name in the cluster.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * How the cluster's discovery lists it from the start.
   *
   * @return its endpoint, whose name is the backend's unless the cluster's builder said otherwise
   */
  public Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Its address as picks and messages write it: {@code 127.0.0.1:41567}, or {@code a@test-cluster}
   * in-process.
   *
   * @return {@link Endpoint#addressText()}
   */
  public String address() {
    return endpoint.addressText();
  }

  /**
   * Whether it was neither killed nor drained since it was started, removed or closed.
   *
   * @return whether its server runs; faults do not matter
   */
  public boolean isUp() {
    return server.isUp();
  }

  boolean isReachable() {
    return server.isReachable();
  }

  private BackendServer open() {
    if (closed) {
      throw new IllegalStateException(
          "backend " + name + ": removed or closed (expected: one of an open cluster)");
    }
    return server;
  }

  /**
   * Dies: its connections are cut, on loopback by RST, and new ones refused; its calls in flight
   * fail with {@code UNAVAILABLE} at the client and are cancelled here. Waits until the connections
   * are gone. Does nothing if it is killed already; cuts what is left if it drains.
   */
  public void kill() {
    open().kill();
  }

  /**
   * Starts it again at the same address, after it was killed or drained; a drained one waits for
   * its last call. On loopback gRPC's backoff lets clients come back after a second or so.
   *
   * @throws IllegalStateException if it is up, or if somebody else has taken its address
   * @throws AssertionError if the calls of a drained one have not ended within 15 s
   */
  public void restart() {
    open().start();
  }

  /**
   * Begins to shut down: says GOAWAY on its connections, refuses new ones, and lets calls in flight
   * finish. Does nothing if it drains already.
   *
   * @throws IllegalStateException if it was killed
   */
  public void drain() {
    open().drain();
  }

  /**
   * Waits until its last call has ended after {@link #drain()}, and its connections are closed.
   *
   * @throws IllegalStateException if it is up
   * @throws AssertionError after 15 s
   */
  public void awaitDrained() {
    if (open().isUp()) {
      throw new IllegalStateException(
          "awaitDrained: backend " + name + " is up (expected: one that was drained or killed)");
    }
    server.awaitEnded();
  }

  /** Keeps calls that arrive from the service until {@link #release()} or {@link #heal()}. */
  public void hang() {
    open();
    held.hang();
  }

  /** Ends {@link #hang()}: calls that hang go on, and no more do. Other faults stay. */
  public void release() {
    open();
    held.release();
  }

  /**
   * Delays each call by the cluster's time: with a {@link FakeTime}, until the test advances it. In
   * place of any other delay.
   *
   * @param duration zero for none
   * @throws InvalidValueException if it is negative
   */
  public void delay(Duration duration) {
    open();
    held.delay(duration, surroundings.delays());
  }

  /**
   * Delays each call by the system's time, whatever the cluster's is. In place of any other delay.
   *
   * @param duration zero for none
   * @throws InvalidValueException if it is negative
   */
  public void delayInRealTime(Duration duration) {
    open();
    held.delay(duration, surroundings.realDelays());
  }

  /**
   * Fails the next calls that arrive, after those that are to fail by an earlier use of this
   * method.
   *
   * @param calls how many; at least 1
   * @param failure how
   * @throws InvalidValueException if it is fewer
   */
  public void failNext(int calls, Failure failure) {
    open();
    failures.next(calls, failure);
  }

  /**
   * Fails a part of the calls, drawn from a generator: the same ones for the same seed and order of
   * arrival. In place of what an earlier use of this method said.
   *
   * @param ratio 0.0 for none to 1.0 for all
   * @param seed of the generator
   * @param failure how
   * @throws InvalidValueException if the ratio is not between them
   */
  public void fail(double ratio, long seed, Failure failure) {
    open();
    failures.ratio(ratio, seed, failure);
  }

  /**
   * Refuses new connections; those that are open stay.
   *
   * @throws IllegalStateException in-process
   */
  public void refuseConnections() {
    open().withSockets("refuseConnections", Relay::refuse);
  }

  /**
   * Cuts every connection by RST, and goes on listening. Calls in flight fail with {@code
   * UNAVAILABLE} at the client and are cancelled here.
   *
   * @throws IllegalStateException in-process
   */
  public void resetConnections() {
    open().withSockets("resetConnections", Relay::reset);
  }

  /**
   * Says GOAWAY on every connection and goes on listening: calls in flight finish, new ones come on
   * new connections.
   *
   * @throws IllegalStateException in-process, or if it is down
   */
  public void goAway() {
    open().withSockets("goAway", sockets -> {});
    server.replace("goAway");
  }

  /**
   * Answers as a proxy without a backend does: HTTP 502 with a page of HTML, which gRPC makes
   * {@code UNAVAILABLE} of. Connections that are open are sent GOAWAY, so that clients come back
   * and meet the page; calls in flight finish. Waits until the old connections are closed, but not
   * for calls in flight on them.
   *
   * @throws IllegalStateException in-process
   */
  public void badGateway() {
    open().withSockets("badGateway", Relay::answerBadGateway);
    if (server.isUp()) {
      server.replace("badGateway");
      changes.await(
          () -> "connections of backend " + name + " to end",
          () -> server.isReplaced() || inFlight() > 0);
    }
  }

  /**
   * Takes new connections and says nothing on them: their clients stay {@code CONNECTING}. With
   * {@link #heal()} these connections become ready.
   *
   * @throws IllegalStateException in-process
   */
  public void holdConnections() {
    open().withSockets("holdConnections", Relay::hold);
  }

  /**
   * Ends every fault: calls that hang or are delayed go on at once, connections that wait too. A
   * call that was drawn to fail still does. Does not start a backend that is down.
   */
  public void heal() {
    open();
    failures.clear();
    server.heal();
    held.heal();
  }

  /**
   * What has arrived here.
   *
   * @return an immutable copy, in the order of arrival
   */
  public List<RecordedAttempt> attempts() {
    return log.at(name);
  }

  /**
   * How many attempts have arrived that have not ended, those that hang among them.
   *
   * @return the count of now
   */
  public int inFlight() {
    return log.inFlight(name);
  }

  /**
   * How many calls {@link #hang()} keeps from the service.
   *
   * @return the count of now
   */
  public int hanging() {
    return held.hanging();
  }

  /**
   * How many calls {@link #delay} and {@link #delayInRealTime} keep from the service.
   *
   * @return the count of now
   */
  public int delayed() {
    return held.delayed();
  }

  /**
   * How many connections to its servers are ready, HTTP/2 ones or those in-process.
   *
   * @return the count of now
   */
  public int connections() {
    return connections.open();
  }

  /**
   * How many connections to its servers have ever been ready.
   *
   * @return the count since it was started first
   */
  public int connectionsEver() {
    return connections.ever();
  }

  /**
   * Waits, in the system's time, until attempts are in flight. Those that a fault is to hold are
   * held by then: a delay runs.
   *
   * @param attempts at least so many; 1 or more
   * @throws InvalidValueException if it is fewer; for none there is {@link #awaitIdle}
   * @throws AssertionError after 15 s
   */
  public void awaitInFlight(int attempts) {
    Counts.requireSome("attempts", attempts);
    changes.await(
        () -> Counts.atLeast(attempts, "attempts in flight at backend " + this, inFlight()),
        () -> inFlight() >= attempts && !log.isArriving(name));
  }

  /**
   * Waits, in the system's time, until no attempt is in flight.
   *
   * @throws AssertionError after 15 s
   */
  public void awaitIdle() {
    changes.await(
        () -> "no attempt in flight at backend " + this + ", not " + inFlight(),
        () -> inFlight() == 0);
  }

  /**
   * Waits, in the system's time, until calls hang.
   *
   * @param calls at least so many; 1 or more
   * @throws InvalidValueException if it is fewer
   * @throws AssertionError after 15 s
   */
  public void awaitHanging(int calls) {
    Counts.requireSome("calls", calls);
    changes.await(
        () -> Counts.atLeast(calls, "hanging calls at backend " + this, hanging()),
        () -> hanging() >= calls);
  }

  /**
   * Waits, in the system's time, until calls are delayed. From then on their delays run: a {@link
   * FakeTime} may be advanced.
   *
   * @param calls at least so many; 1 or more
   * @throws InvalidValueException if it is fewer
   * @throws AssertionError after 15 s
   */
  public void awaitDelayed(int calls) {
    Counts.requireSome("calls", calls);
    changes.await(
        () -> Counts.atLeast(calls, "delayed calls at backend " + this, delayed()),
        () -> delayed() >= calls);
  }

  /**
   * Waits, in the system's time, until just so many connections are open.
   *
   * @param connections no more and no fewer
   * @throws AssertionError after 15 s
   */
  public void awaitConnections(int connections) {
    changes.await(
        () -> "just " + connections + " connections to backend " + this + ", not " + connections(),
        () -> connections() == connections);
  }

  /** Cuts everything for good; does not wait. Idempotent. */
  void close() {
    closed = true;
    server.close();
  }

  /**
   * Waits for the end after {@link #close()}, and interrupts the service where it blocks.
   *
   * @throws IllegalStateException naming this backend if it has not ended in time
   */
  void awaitClosed() throws InterruptedException {
    try {
      server.awaitEnded();
    } finally {
      executor.shutdownNow();
    }
    if (!executor.awaitTermination(PATIENCE_SECONDS, SECONDS)) {
      throw new IllegalStateException(
          "backend "
              + name
              + ": has not stopped after "
              + PATIENCE_SECONDS
              + " s, its service blocks (expected: one that ends when its thread is interrupted)");
    }
  }

  /** Its name and its address. */
  @Override
  public String toString() {
    return name + " (" + address() + (isUp() ? "" : ", down") + ")";
  }
}
