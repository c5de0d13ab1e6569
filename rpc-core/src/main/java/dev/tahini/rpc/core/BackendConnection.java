package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;

import io.grpc.CompositeChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Status;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one backend connected: makes its subchannel, connects it again when it is lost, and tells
 * the backend and the ready set how it stands. Confined to the balancer's synchronization context.
 *
 * <p>gRPC waits 1 s after the first failed connect, 1.6 times longer after each, up to two minutes,
 * and that cannot be set. So the subchannel whose next wait would pass {@link #LONGEST_WAIT_NANOS}
 * is replaced at that time by a fresh one, which begins at 1 s again.
 *
 * <p>Nor does gRPC give up a connect that gets no answer: TCP alone has a time-out, and a server
 * that accepts and says nothing would be waited for for ever. After {@link #CONNECT_TIMEOUT_NANOS}
 * it has failed.
 */
final class BackendConnection {
  /** A server that is back is found within this time. */
  static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** gRPC's waits after failures 1 to 5 are 1, 1.6, 2.6, 4.1 and 6.6 s; the sixth is 10.5 s. */
  private static final int FAILURES_WITHIN_WAIT = 5;

  /**
   * So long may a connect take for each address, with TLS and HTTP/2's first words: gRPC's "minimum
   * connect timeout" (doc/connection-backoff.md).
   */
  static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** A connect that takes longer than this lets another begin beside it. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A connection that was lost sooner than this after it was made is not made again at once. */
  private static final long SHORT_LIVED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Helper helper;
  private final ChannelState channel;
  private final LiveBackend backend;
  private final LeavingSubchannels leaving;
  private final ConnectQueue queue;
  private final Runnable onChange;
  private EquivalentAddressGroup addresses;
  private Subchannel subchannel;
  private PickResult pickResult;
  private int failures;
  private long readySinceNanos;
  private @Nullable ScheduledHandle timer;
  private boolean closed;

  /**
   * Makes the subchannel, which connects when it is its turn.
   *
   * @param leaving takes the subchannels that are let go of
   * @param queue says when to connect
   * @param onChange run after each change of the backend's state
   */
  BackendConnection(
      Helper helper,
      ChannelState channel,
      LiveBackend backend,
      EquivalentAddressGroup addresses,
      LeavingSubchannels leaving,
      ConnectQueue queue,
      Runnable onChange) {
    this.helper = helper;
    this.channel = channel;
    this.backend = backend;
    this.addresses = addresses;
    this.leaving = leaving;
    this.queue = queue;
    this.onChange = onChange;
    this.subchannel = newSubchannel();
    this.pickResult = pickResultOf(subchannel);
    // Started first: once the backend has it, callers may use it.
    start(subchannel);
    become(IDLE, null, pickResult);
    queue.ask(this);
  }

  private Subchannel newSubchannel() {
    return helper.createSubchannel(
        CreateSubchannelArgs.newBuilder().setAddresses(addresses).build());
  }

  private PickResult pickResultOf(Subchannel subchannel) {
    return PickResult.withSubchannel(
        subchannel, new AttemptTracer.Factory(channel, backend, hasCallCredentials()));
  }

  private void start(Subchannel started) {
    started.start(
        info -> {
          // gRPC shuts a subchannel down 5 s late: until then one that we let go of still reports.
          if (started == subchannel && !closed && info.getState() != SHUTDOWN) {
            onState(info);
          }
        });
  }

  /** Begins now; for the queue. */
  void connect() {
    subchannel.requestConnection();
  }

  private boolean hasCallCredentials() {
    try {
      return helper.getUnsafeChannelCredentials() instanceof CompositeChannelCredentials;
    } catch (UnsupportedOperationException e) { // by a helper that is not gRPC's own
      return false;
    }
  }

  private void onState(ConnectivityStateInfo info) {
    cancelTimer(); // gRPC was quicker
    switch (info.getState()) {
      case READY -> {
        failures = 0;
        readySinceNanos = nanoTime();
        become(READY, null, pickResult);
        queue.ended(this);
      }
      case TRANSIENT_FAILURE -> {
        failures++;
        fail(info.getStatus());
        if (failures > FAILURES_WITHIN_WAIT) {
          schedule(jittered(LONGEST_WAIT_NANOS), this::replaceAndConnect);
        }
      }
      case IDLE -> {
        queue.ended(this);
        reconnect();
        helper.refreshNameResolution();
      }
      default -> {
        queue.began(this);
        becomeUnlessFailing(info.getState(), pickResult);
        schedule(SLOW_NANOS, this::goOnSlowly);
      }
    }
  }

  private void fail(Status why) {
    Status error = failed(why);
    String description = channel.target() + ": " + error.getDescription();
    become(TRANSIENT_FAILURE, error, PickResult.withError(error.withDescription(description)));
    helper.refreshNameResolution();
    queue.ended(this);
  }

  private void goOnSlowly() {
    queue.slow(this);
    long timeout = CONNECT_TIMEOUT_NANOS * addresses.getAddresses().size();
    schedule(timeout - SLOW_NANOS, this::timeOut);
  }

  /** Nothing can be told to give up a connect but by letting go of its subchannel. */
  private void timeOut() {
    replaceSubchannel();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(CONNECT_TIMEOUT_NANOS);
    fail(Status.UNAVAILABLE.withDescription("no answer within " + seconds + " s"));
    schedule(jittered(SHORT_LIVED_NANOS), () -> queue.ask(this));
  }

  /**
   * A backend that failed counts as failing until it is ready: else its calls wait each time anew.
   */
  private void becomeUnlessFailing(ConnectivityState state, PickResult result) {
    if (backend.connectionState() != TRANSIENT_FAILURE) {
      become(state, null, result);
    }
  }

  private void become(ConnectivityState state, @Nullable Status error, PickResult result) {
    ConnectivityState before = backend.connectionState();
    channel.backends().ready().change(backend, () -> note(state, error, result));
    // Told when calls can find it so: who hears that it is ready may call at once.
    tell(before, state, error);
    onChange.run();
  }

  private void note(ConnectivityState state, @Nullable Status error, PickResult result) {
    backend.connection(state, channel.sources().time().clock().instant(), error, result);
  }

  private void tell(ConnectivityState before, ConnectivityState state, @Nullable Status error) {
    if (before != state) {
      channel.events().backendState(backend, before, state, error);
    }
  }

  private void reconnect() {
    if (nanoTime() - readySinceNanos >= SHORT_LIVED_NANOS) {
      becomeUnlessFailing(IDLE, pickResult);
      queue.ask(this);
    } else {
      // No result: with the subchannel as one, a call that waits for it would connect it at once.
      becomeUnlessFailing(IDLE, PickResult.withNoResult());
      schedule(jittered(SHORT_LIVED_NANOS), () -> queue.ask(this));
    }
  }

  private void replaceAndConnect() {
    replaceSubchannel();
    queue.ask(this);
  }

  private void replaceSubchannel() {
    Subchannel old = subchannel;
    failures = 0;
    subchannel = newSubchannel();
    pickResult = pickResultOf(subchannel);
    leaving.shutdown(old);
    start(subchannel);
  }

  /** Takes the addresses of a new list: those that are new in it are tried at the next connect. */
  void update(EquivalentAddressGroup newAddresses) {
    if (!addresses.equals(newAddresses)) {
      addresses = newAddresses;
      subchannel.updateAddresses(List.of(newAddresses));
    }
  }

  /** Asks for its turn if it waits idle. */
  void requestConnection() {
    if (backend.connectionState() == IDLE) {
      cancelTimer();
      queue.ask(this);
    }
  }

  /**
   * Lets go of the connection, which has left the queue; calls in flight on it finish.
   *
   * @param state what becomes of the backend: SHUTDOWN if it is listed no more, IDLE if the channel
   *     is
   */
  void close(ConnectivityState state) {
    closed = true;
    cancelTimer();
    channel.backends().ready().remove(backend);
    ConnectivityState before = backend.connectionState();
    note(state, null, PickResult.withNoResult());
    tell(before, state, null);
    leaving.shutdown(subchannel);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void schedule(long delayNanos, Runnable task) {
    cancelTimer();
    timer =
        helper
            .getSynchronizationContext()
            .schedule(task, delayNanos, TimeUnit.NANOSECONDS, channel.sources().time().scheduler());
  }

  private long jittered(long delayNanos) {
    return (long) (delayNanos * (0.8 + 0.2 * channel.sources().random().get().nextDouble()));
  }

  private long nanoTime() {
    return channel.sources().time().ticker().nanoTime();
  }

  private Status failed(Status status) {
    return Status.UNAVAILABLE
        .withDescription(
            backend.address() + " cannot be connected: " + ConnectError.describe(status))
        .withCause(status.getCause());
  }
}
