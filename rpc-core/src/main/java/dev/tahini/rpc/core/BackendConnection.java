package dev.tahini.rpc.core;

import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;

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
 */
final class BackendConnection {
  /** A server that is back is found within this time. */
  static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** gRPC's waits after failures 1 to 5 are 1, 1.6, 2.6, 4.1 and 6.6 s; the sixth is 10.5 s. */
  private static final int FAILURES_WITHIN_WAIT = 5;

  /** A connection that was lost sooner than this after it was made is not made again at once. */
  private static final long SHORT_LIVED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Helper helper;
  private final ChannelState channel;
  private final LiveBackend backend;
  private final LeavingSubchannels leaving;
  private final Runnable onChange;
  private EquivalentAddressGroup addresses;
  private Subchannel subchannel;
  private PickResult pickResult;
  private int failures;
  private long readySinceNanos;
  private @Nullable ScheduledHandle timer;
  private boolean closed;

  /**
   * Makes the subchannel and begins to connect it.
   *
   * @param leaving takes the subchannels that are let go of
   * @param onChange run after each change of the backend's state
   */
  BackendConnection(
      Helper helper,
      ChannelState channel,
      LiveBackend backend,
      EquivalentAddressGroup addresses,
      LeavingSubchannels leaving,
      Runnable onChange) {
    this.helper = helper;
    this.channel = channel;
    this.backend = backend;
    this.addresses = addresses;
    this.leaving = leaving;
    this.onChange = onChange;
    this.subchannel = newSubchannel();
    this.pickResult = pickResultOf(subchannel);
    // Started first: once the backend has it, callers may use it.
    start(subchannel);
    become(IDLE, null, pickResult);
  }

  private Subchannel newSubchannel() {
    return helper.createSubchannel(
        CreateSubchannelArgs.newBuilder().setAddresses(addresses).build());
  }

  private PickResult pickResultOf(Subchannel subchannel) {
    return PickResult.withSubchannel(subchannel, new AttemptTracer.Factory(channel, backend));
  }

  private void start(Subchannel started) {
    started.start(
        info -> {
          // gRPC shuts a subchannel down 5 s late: until then one that we let go of still reports.
          if (started == subchannel && !closed && info.getState() != SHUTDOWN) {
            onState(info);
          }
        });
    started.requestConnection();
  }

  private void onState(ConnectivityStateInfo info) {
    cancelTimer(); // gRPC was quicker
    switch (info.getState()) {
      case READY -> {
        failures = 0;
        readySinceNanos = nanoTime();
        become(READY, null, pickResult);
      }
      case TRANSIENT_FAILURE -> {
        failures++;
        Status error = failed(info.getStatus());
        String description = channel.target() + ": " + error.getDescription();
        become(TRANSIENT_FAILURE, error, PickResult.withError(error.withDescription(description)));
        helper.refreshNameResolution();
        if (failures > FAILURES_WITHIN_WAIT) {
          schedule(jittered(LONGEST_WAIT_NANOS), this::replaceSubchannel);
        }
      }
      case IDLE -> {
        reconnect();
        helper.refreshNameResolution();
      }
      default -> becomeUnlessFailing(info.getState(), pickResult);
    }
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
    note(state, error, result);
    channel.backends().ready().update(backend);
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
      subchannel.requestConnection();
    } else {
      // No result: with the subchannel as one, a call that waits for it would connect it at once.
      becomeUnlessFailing(IDLE, PickResult.withNoResult());
      schedule(jittered(SHORT_LIVED_NANOS), subchannel::requestConnection);
    }
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

  /** Connects now what waits idle. */
  void requestConnection() {
    subchannel.requestConnection();
  }

  /**
   * Lets go of the connection; calls in flight on it finish.
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
