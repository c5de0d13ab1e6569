package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;

import dev.tahini.rpc.Backend;
import dev.tahini.rpc.Endpoint;
import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A backend as the balancer keeps it. Its endpoint is changed by {@link Backends}, its connection
 * by the balancer's synchronization context, its counts by the attempts themselves; all are read by
 * anyone.
 */
final class LiveBackend implements Backend {
  private final Backends owner;
  private final String address;
  private final BackendStats stats = new BackendStats();
  private volatile Endpoint endpoint;
  private volatile int weight; // the endpoint's, near at hand for picks
  private volatile Connection connection;
  private volatile PickResult pickResult = PickResult.withNoResult();
  private volatile boolean delisted;

  /** What the balancer last said of the connection, in one piece. */
  private record Connection(ConnectivityState state, Instant since, @Nullable Status error) {}

  LiveBackend(Backends owner, Endpoint endpoint, Instant now) {
    this.owner = owner;
    this.endpoint = endpoint;
    this.weight = endpoint.weight();
    this.address = endpoint.addressText();
    this.connection = new Connection(IDLE, now, null);
  }

  boolean isOf(Backends backends) {
    return owner == backends;
  }

  @Override
  public Endpoint endpoint() {
    return endpoint;
  }

  void setEndpoint(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.weight = endpoint.weight();
  }

  int weight() {
    return weight;
  }

  boolean isDraining() {
    return endpoint.condition() == Endpoint.Condition.DRAINING;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public ConnectivityState state() {
    return delisted ? SHUTDOWN : connection.state();
  }

  /** The connection's state, which may outlive the listing for a moment. */
  ConnectivityState connectionState() {
    return connection.state();
  }

  /** It left the list, and will not come back: an endpoint that does is a new backend. */
  void delist() {
    delisted = true;
  }

  @Override
  public Instant since() {
    return connection.since();
  }

  /** What gRPC is told when this backend is picked in its present state. */
  PickResult pickResult() {
    return pickResult;
  }

  /**
   * The connection's change as the balancer sees it.
   *
   * @param error why it failed; null keeps the last one, until it is ready again
   * @param pickResult made once for the state, not per pick
   */
  void connection(
      ConnectivityState state, Instant now, @Nullable Status error, PickResult pickResult) {
    Connection last = connection;
    connection =
        new Connection(
            state,
            last.state() == state ? last.since() : now,
            error != null || state == READY ? error : last.error());
    this.pickResult = pickResult;
  }

  /**
   * Whether a pick of this backend would be sent or may be soon, so that no other need be asked.
   */
  boolean canBeAwaited() {
    ConnectivityState state = state();
    return state == READY || state == IDLE || state == CONNECTING;
  }

  BackendStats stats() {
    return stats;
  }

  @Override
  public int inFlight() {
    return stats.inFlight();
  }

  @Override
  public long started() {
    return stats.started();
  }

  @Override
  public long succeeded() {
    return stats.ended(Status.Code.OK);
  }

  @Override
  public long failed(Status.Code code) {
    return code == Status.Code.OK ? 0 : stats.ended(code);
  }

  @Override
  public long latencyNanos() {
    return stats.latencyNanos();
  }

  @Override
  public @Nullable Status lastError() {
    Status error = connection.error();
    return error != null ? error : stats.lastError();
  }

  @Override
  public String toString() {
    return address + " " + state();
  }
}
