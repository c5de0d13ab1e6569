package dev.tahini.rpc.benchmarks.shards;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.benchmarks.harness.BenchmarkCall;
import dev.tahini.rpc.benchmarks.harness.BenchmarkChannel;
import dev.tahini.rpc.benchmarks.harness.Policy;
import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.InternalEquivalentAddressGroup;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import java.lang.reflect.Field;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.infra.Blackhole;

/**
 * gRPC's own policy {@code ring_hash_experimental}, of grpc-xds, at its default limits, in a
 * channel without a network. A key is the value of a header, the owner the backend of the
 * subchannel that the picker names. Building is a new policy's first list of addresses, a change
 * its next one.
 */
final class GrpcRingPlacement implements Placement {
  /** To be picked, asked to connect and connected takes two. */
  private static final int LONGEST_TRIES = 10;

  private final BenchmarkChannel channel = new BenchmarkChannel(Policy.RING_HASH);
  private List<Endpoint> endpoints;

  GrpcRingPlacement(List<Endpoint> endpoints) {
    this.endpoints = endpoints;
    channel.resolve(groups(endpoints));
  }

  /** With weights as xDS hands them to the policy. */
  private static List<EquivalentAddressGroup> groups(List<Endpoint> endpoints) {
    return endpoints.stream()
        .map(e -> new EquivalentAddressGroup(e.address(), weight(e.weight())))
        .toList();
  }

  private static Attributes weight(long weight) {
    return Attributes.newBuilder().set(InternalEquivalentAddressGroup.ATTR_WEIGHT, weight).build();
  }

  @Override
  public void change(List<Endpoint> next) {
    endpoints = next;
    channel.resolve(groups(next));
  }

  @Override
  public LookUps lookUps(ShardKeys keys) {
    Map<SocketAddress, Integer> indices = new HashMap<>();
    for (int i = 0; i < endpoints.size(); i++) {
      indices.put(endpoints.get(i).address(), i);
    }
    return new Picks(channel, keys, indices);
  }

  private static final class Picks implements LookUps {
    private final BenchmarkChannel channel;
    private final ShardKeys keys;
    private final Map<SocketAddress, Integer> indices;
    private SubchannelPicker picker;

    Picks(BenchmarkChannel channel, ShardKeys keys, Map<SocketAddress, Integer> indices) {
      this.channel = channel;
      this.keys = keys;
      this.indices = indices;
      this.picker = channel.picker();
    }

    /** The policy connects an owner when the first of its keys is asked for. */
    @Override
    public int owner(int key) {
      BenchmarkCall call = keys.call(key);
      for (int i = 0; i < LONGEST_TRIES; i++) {
        int known = channel.subchannels().size();
        PickResult result = picker.pickSubchannel(call);
        Subchannel subchannel = result.getSubchannel();
        if (subchannel != null) {
          SocketAddress address = subchannel.getAllAddresses().get(0).getAddresses().get(0);
          return indices.getOrDefault(address, -1);
        }
        channel.connectWanted(known);
        picker = channel.picker();
      }
      throw new IllegalStateException("ring_hash does not serve key " + key);
    }

    @Override
    public void lookUp(int key, Blackhole sink) {
      sink.consume(picker.pickSubchannel(keys.call(key)));
    }
  }

  /** Its ring. The picker around it also leads to the whole channel. */
  @Override
  public Optional<Object> table() {
    SubchannelPicker picker = channel.picker();
    try {
      Field ring = picker.getClass().getDeclaredField("ring");
      ring.setAccessible(true);
      return Optional.ofNullable(ring.get(picker));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
