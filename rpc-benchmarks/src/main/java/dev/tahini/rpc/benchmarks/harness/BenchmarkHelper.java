package dev.tahini.rpc.benchmarks.harness;

import io.grpc.ChannelCredentials;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.InsecureChannelCredentials;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.FixedResultPicker;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.ManagedChannel;
import io.grpc.SynchronizationContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/** What gRPC offers a policy, at next to no cost of its own. Confined to the channel's context. */
final class BenchmarkHelper extends LoadBalancer.Helper implements AutoCloseable {
  private final SynchronizationContext context =
      new SynchronizationContext(
          (thread, e) -> {
            throw new IllegalStateException("the policy failed", e);
          });
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(BenchmarkHelper::daemon);
  private final ChannelLogger logger = new QuietLogger();
  private final List<BenchmarkSubchannel> subchannels = new ArrayList<>();
  private final Semaphore publications = new Semaphore(0);
  private volatile SubchannelPicker picker = new FixedResultPicker(PickResult.withNoResult());

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "benchmark-scheduler");
    thread.setDaemon(true);
    return thread;
  }

  /** For those who do not drive the policy too. */
  SubchannelPicker picker() {
    return picker;
  }

  List<BenchmarkSubchannel> subchannels() {
    return Collections.unmodifiableList(subchannels);
  }

  /** One permit for each publication. */
  Semaphore publications() {
    return publications;
  }

  @Override
  public Subchannel createSubchannel(CreateSubchannelArgs args) {
    BenchmarkSubchannel subchannel = new BenchmarkSubchannel(context, logger, args.getAddresses());
    subchannels.add(subchannel);
    return subchannel;
  }

  @Override
  public void updateBalancingState(ConnectivityState state, SubchannelPicker newPicker) {
    picker = newPicker;
    publications.release();
  }

  /** The resolver has nothing newer. */
  @Override
  public void refreshNameResolution() {}

  @Override
  public SynchronizationContext getSynchronizationContext() {
    return context;
  }

  @Override
  public ScheduledExecutorService getScheduledExecutorService() {
    return scheduler;
  }

  @Override
  public ChannelLogger getChannelLogger() {
    return logger;
  }

  @Override
  public ChannelCredentials getUnsafeChannelCredentials() {
    return InsecureChannelCredentials.create();
  }

  @Override
  public String getAuthority() {
    return "benchmark";
  }

  @Override
  public String getChannelTarget() {
    return "benchmark:///backends";
  }

  @Override
  public ManagedChannel createOobChannel(EquivalentAddressGroup group, String authority) {
    throw new UnsupportedOperationException("no policy that is compared needs it");
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
