package dev.tahini.rpc.core;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.Endpoint;
import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection whose state the test drives. */
final class FakeSubchannel extends Subchannel {
  private final FakeHelper helper;
  private EquivalentAddressGroup addresses;
  private @Nullable SubchannelStateListener listener;
  int connectionRequests;
  boolean shutdown;

  FakeSubchannel(FakeHelper helper, EquivalentAddressGroup addresses) {
    this.helper = helper;
    this.addresses = addresses;
  }

  String address() {
    return Endpoint.of(addresses).addressText();
  }

  /** Tells the balancer, in its context. */
  void become(ConnectivityState state) {
    say(ConnectivityStateInfo.forNonError(state));
  }

  void fail(String why) {
    say(ConnectivityStateInfo.forTransientFailure(Status.UNAVAILABLE.withDescription(why)));
  }

  /** A lost connection, or none within the time: as gRPC shows it. */
  void failTimes(int times) {
    for (int i = 0; i < times; i++) {
      become(ConnectivityState.CONNECTING);
      fail("refused");
    }
  }

  private void say(ConnectivityStateInfo info) {
    helper.syncContext.execute(() -> requireNonNull(listener).onSubchannelState(info));
  }

  @Override
  public void start(SubchannelStateListener listener) {
    helper.count();
    this.listener = listener;
  }

  @Override
  public void shutdown() {
    helper.count();
    helper.journal.add("shutdown " + address());
    shutdown = true;
  }

  @Override
  public void requestConnection() {
    helper.count();
    connectionRequests++;
  }

  @Override
  public void updateAddresses(List<EquivalentAddressGroup> groups) {
    helper.count();
    addresses = groups.get(0);
  }

  @Override
  public List<EquivalentAddressGroup> getAllAddresses() {
    return List.of(addresses);
  }

  @Override
  public Attributes getAttributes() {
    return Attributes.EMPTY;
  }

  @Override
  public String toString() {
    return address();
  }
}
