package dev.tahini.rpc.testing.lab;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of one subchannel: idle until it is asked to connect, ready, idle again when its
 * connection is lost; after a failed connect it waits and tries by itself. Stands for gRPC's {@code
 * ManagedChannelImpl.SubchannelImpl} and {@code InternalSubchannel}, for one address. Confined to
 * the channel's synchronization context.
 */
final class SimulatedSubchannel extends Subchannel {
  /** gRPC's {@code SUBCHANNEL_SHUTDOWN_DELAY_SECONDS}. */
  private static final long SHUTDOWN_DELAY_SECONDS = 5;

  private final World world;
  private final Attributes attributes;
  private List<EquivalentAddressGroup> addresses;
  private @Nullable SubchannelStateListener listener;
  private ConnectivityState state = IDLE;
  private @Nullable SimulatedTransport connecting;
  private @Nullable SimulatedTransport active;
  private @Nullable Backoff backoff;
  private @Nullable ScheduledHandle timer;
  private boolean shutdown;

  SimulatedSubchannel(World world, CreateSubchannelArgs args) {
    this.world = world;
    this.addresses = args.getAddresses();
    this.attributes = args.getAttributes();
  }

  private SynchronizationContext context() {
    return world.context();
  }

  @Override
  public void start(SubchannelStateListener listener) {
    context().throwIfNotInThisSynchronizationContext();
    if (this.listener != null) {
      throw new IllegalStateException("already started");
    }
    this.listener = listener;
  }

  @Override
  public void requestConnection() {
    context().throwIfNotInThisSynchronizationContext();
    if (listener == null) {
      throw new IllegalStateException("not started");
    }
    if (!shutdown) {
      obtainTransport();
    }
  }

  /** The transport for a new stream; without one it begins to connect, if it is idle. */
  @Nullable SimulatedTransport obtainTransport() {
    if (active == null) {
      context()
          .execute(
              () -> {
                if (state == IDLE) {
                  connect();
                }
              });
    }
    return active;
  }

  private void connect() {
    become(ConnectivityStateInfo.forNonError(CONNECTING));
    ServerAddress address = (ServerAddress) addresses.get(0).getAddresses().get(0);
    SimulatedTransport started =
        new SimulatedTransport(
            world.network(), world.fleet().server(address.name()), new ConnectionListener());
    connecting = started;
    started.connect();
  }

  private void become(ConnectivityStateInfo info) {
    if (state != info.getState() && state != SHUTDOWN) {
      state = info.getState();
      if (listener != null) {
        listener.onSubchannelState(info);
      }
    }
  }

  private final class ConnectionListener implements SimulatedTransport.Listener {
    @Override
    public void ready() {
      context()
          .execute(
              () -> {
                backoff = null;
                active = connecting;
                connecting = null;
                become(ConnectivityStateInfo.forNonError(READY));
              });
    }

    @Override
    public void lost(Status why) {
      context()
          .execute(
              () -> {
                if (active != null) {
                  active = null;
                  become(ConnectivityStateInfo.forNonError(IDLE));
                } else {
                  connecting = null;
                  waitAndConnect(why);
                }
              });
    }
  }

  /** gRPC counts the wait from when it began to connect; that took one round trip. */
  private void waitAndConnect(Status why) {
    become(ConnectivityStateInfo.forTransientFailure(why));
    if (backoff == null) {
      backoff = new Backoff(world.random());
    }
    long delayNanos = backoff.nextNanos() - 2 * world.network().delayNanos();
    timer = schedule(this::connect, Math.max(delayNanos, 0));
  }

  private ScheduledHandle schedule(Runnable task, long delayNanos) {
    return context().schedule(task, delayNanos, NANOSECONDS, world.scheduler());
  }

  /** As in gRPC it goes on for a while, for calls that have picked it but not sent yet. */
  @Override
  public void shutdown() {
    context().throwIfNotInThisSynchronizationContext();
    if (!shutdown) {
      shutdown = true;
      schedule(this::shutdownNow, SECONDS.toNanos(SHUTDOWN_DELAY_SECONDS));
    }
  }

  private void shutdownNow() {
    if (timer != null) {
      timer.cancel();
    }
    if (connecting != null) {
      connecting.shutdown();
    }
    if (active != null) {
      active.shutdown();
      active = null;
    }
    become(ConnectivityStateInfo.forNonError(SHUTDOWN));
  }

  @Override
  public void updateAddresses(List<EquivalentAddressGroup> newAddresses) {
    addresses = newAddresses;
  }

  @Override
  public List<EquivalentAddressGroup> getAllAddresses() {
    return addresses;
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  /** How a channel finds its own subchannel inside one that a policy has wrapped. */
  @Override
  public Object getInternalSubchannel() {
    return this;
  }

  @Override
  public String toString() {
    return addresses.get(0).getAddresses() + " " + state;
  }
}
