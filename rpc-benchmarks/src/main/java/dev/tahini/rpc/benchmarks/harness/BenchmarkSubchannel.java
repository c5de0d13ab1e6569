package dev.tahini.rpc.benchmarks.harness;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static java.util.Objects.requireNonNull;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.SynchronizationContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is made when the benchmark says so. Confined to the thread of the benchmark,
 * which is in the channel's synchronization context whenever a policy calls.
 */
public final class BenchmarkSubchannel extends Subchannel {
  private static final ConnectivityStateInfo CONNECTING_INFO =
      ConnectivityStateInfo.forNonError(CONNECTING);
  private static final ConnectivityStateInfo READY_INFO = ConnectivityStateInfo.forNonError(READY);
  private static final ConnectivityStateInfo IDLE_INFO = ConnectivityStateInfo.forNonError(IDLE);

  private final SynchronizationContext context;
  private final ChannelLogger logger;
  private List<EquivalentAddressGroup> addresses;
  private ConnectivityState state = IDLE;
  private @Nullable SubchannelStateListener listener;

  BenchmarkSubchannel(
      SynchronizationContext context,
      ChannelLogger logger,
      List<EquivalentAddressGroup> addresses) {
    this.context = context;
    this.logger = logger;
    this.addresses = addresses;
  }

  /** Its connection is made. */
  public void connected() {
    become(READY_INFO);
  }

  /** Its connection is lost; the policy may ask for another. */
  public void lost() {
    become(IDLE_INFO);
  }

  /** Whether the policy has asked for a connection that is not made yet. */
  public boolean isConnecting() {
    return state == CONNECTING;
  }

  /** Whether it is connected. */
  public boolean isReady() {
    return state == READY;
  }

  private void become(ConnectivityStateInfo info) {
    context.execute(
        () -> {
          state = info.getState();
          requireNonNull(listener, "not started").onSubchannelState(info);
        });
  }

  @Override
  public void start(SubchannelStateListener listener) {
    this.listener = listener;
  }

  /** As in gRPC the state changes after the caller is done. */
  @Override
  public void requestConnection() {
    context.execute(
        () -> {
          if (state == IDLE) {
            become(CONNECTING_INFO);
          }
        });
  }

  @Override
  public void shutdown() {
    listener = info -> {};
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
  public ChannelLogger getChannelLogger() {
    return logger;
  }

  @Override
  public Attributes getAttributes() {
    return Attributes.EMPTY;
  }
}
