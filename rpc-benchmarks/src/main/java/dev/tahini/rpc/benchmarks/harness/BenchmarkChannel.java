package dev.tahini.rpc.benchmarks.harness;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.CallOptions;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A channel without a network around one policy: drives it through gRPC's public {@link
 * LoadBalancer}. Whatever the policy does runs on the calling thread. One thread drives it; the
 * picker is for any.
 */
public final class BenchmarkChannel implements AutoCloseable {
  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final int KEYS_PER_BACKEND = 20;

  private final BenchmarkHelper helper = new BenchmarkHelper();
  private final Policy policy;
  private final Object config;
  private final LoadBalancer balancer;

  /** A channel whose policy knows no address yet. */
  public BenchmarkChannel(Policy policy) {
    this.policy = policy;
    this.config = policy.config();
    this.balancer = policy.newLoadBalancer(helper);
  }

  /** A channel with connections to all backends, as far as its policy wants them. */
  public static BenchmarkChannel connected(Policy policy, int backends) {
    BenchmarkChannel channel = new BenchmarkChannel(policy);
    channel.start(addresses(backends));
    return channel;
  }

  /** The first so many addresses, always the same: 10.0.0.0:80, 10.0.0.1:80 and so on. */
  public static List<EquivalentAddressGroup> addresses(int count) {
    return IntStream.range(0, count).mapToObj(BenchmarkChannel::address).toList();
  }

  private static EquivalentAddressGroup address(int index) {
    byte[] ip = {10, (byte) (index >> 16), (byte) (index >> 8), (byte) index};
    try {
      return new EquivalentAddressGroup(new InetSocketAddress(InetAddress.getByAddress(ip), 80));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From the list to the last connection: each is made by an event of its own, as in life. */
  public void start(List<EquivalentAddressGroup> addresses) {
    resolve(addresses);
    connectWanted(0);
    if (policy == Policy.RING_HASH) {
      callUntilConnected(KEYS_PER_BACKEND * addresses.size());
    }
  }

  /** What the name resolver found. */
  public void resolve(List<EquivalentAddressGroup> addresses) {
    ResolvedAddresses resolved =
        ResolvedAddresses.newBuilder()
            .setAddresses(addresses)
            .setLoadBalancingPolicyConfig(config)
            .build();
    helper
        .getSynchronizationContext()
        .execute(
            () -> {
              Status status = balancer.acceptResolvedAddresses(resolved);
              if (!status.isOk()) {
                throw new IllegalStateException(policy + " refuses the addresses: " + status);
              }
            });
  }

  /** Makes the connections that the policy has asked for, of the subchannels from an index on. */
  public void connectWanted(int from) {
    List<BenchmarkSubchannel> subchannels = helper.subchannels();
    for (int i = from; i < subchannels.size(); i++) {
      if (subchannels.get(i).isConnecting()) {
        subchannels.get(i).connected();
      }
    }
  }

  /** {@code ring_hash} connects only the owners of the keys that it is asked for. */
  private void callUntilConnected(int calls) {
    for (int i = 0; i < calls; i++) {
      int known = helper.subchannels().size();
      picker().pickSubchannel(new BenchmarkCall(CallOptions.DEFAULT, "connect-" + i));
      connectWanted(known);
    }
  }

  /** What the policy published last. */
  public SubchannelPicker picker() {
    return helper.picker();
  }

  /** The connections that the policy has asked for, in its order. */
  public List<BenchmarkSubchannel> subchannels() {
    return helper.subchannels();
  }

  /**
   * Picks until the call would be sent: a shard table is built in the background.
   *
   * @throws IllegalStateException if the policy has no backend for the call, or none in a minute
   */
  public void awaitBackendFor(BenchmarkCall call) throws InterruptedException {
    while (true) {
      helper.publications().drainPermits();
      PickResult result = picker().pickSubchannel(call);
      if (result.getSubchannel() != null) {
        return;
      }
      connectWanted(0);
      if (!result.getStatus().isOk()
          || !helper.publications().tryAcquire(LONGEST_WAIT_SECONDS, SECONDS)) {
        throw new IllegalStateException(policy + " does not serve the call: " + result);
      }
    }
  }

  @Override
  public void close() {
    helper.getSynchronizationContext().execute(balancer::shutdown);
    helper.close();
  }
}
