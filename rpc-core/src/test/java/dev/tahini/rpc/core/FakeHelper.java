package dev.tahini.rpc.core;

import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.ManagedChannel;
import io.grpc.SynchronizationContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** gRPC's side of a balancer: remembers what it is told, and counts every call. */
final class FakeHelper extends LoadBalancer.Helper {
  final SynchronizationContext syncContext =
      new SynchronizationContext(
          (thread, e) -> {
            throw new AssertionError("the channel panics", e);
          });
  final List<FakeSubchannel> subchannels = new ArrayList<>();
  final List<Publication> publications = new ArrayList<>();
  final List<String> journal = new ArrayList<>();
  int refreshes;
  int calls;

  /** Run in the middle of each publication, where gRPC picks the waiting calls again. */
  Runnable whilePublishing = () -> {};

  record Publication(ConnectivityState state, SubchannelPicker picker) {}

  Publication last() {
    return publications.get(publications.size() - 1);
  }

  /** The newest connection to an address. */
  FakeSubchannel subchannel(String address) {
    for (int i = subchannels.size() - 1; i >= 0; i--) {
      if (subchannels.get(i).address().equals(address)) {
        return subchannels.get(i);
      }
    }
    throw new AssertionError("no subchannel to " + address + " among " + subchannels);
  }

  void count() {
    calls++;
  }

  @Override
  public Subchannel createSubchannel(CreateSubchannelArgs args) {
    count();
    List<EquivalentAddressGroup> groups = args.getAddresses();
    FakeSubchannel subchannel = new FakeSubchannel(this, groups.get(0));
    journal.add("connect " + subchannel.address());
    subchannels.add(subchannel);
    return subchannel;
  }

  @Override
  public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
    syncContext.throwIfNotInThisSynchronizationContext();
    count();
    journal.add("publish");
    publications.add(new Publication(state, picker));
    whilePublishing.run();
  }

  @Override
  public void refreshNameResolution() {
    count();
    refreshes++;
  }

  @Override
  public SynchronizationContext getSynchronizationContext() {
    return syncContext;
  }

  @Override
  public ScheduledExecutorService getScheduledExecutorService() {
    throw new UnsupportedOperationException("timers are the time source's");
  }

  @Override
  public String getAuthority() {
    return "greeter.prod";
  }

  @Override
  public String getChannelTarget() {
    return "dns:///greeter.prod";
  }

  @Override
  public ManagedChannel createOobChannel(EquivalentAddressGroup group, String authority) {
    throw new UnsupportedOperationException();
  }
}
