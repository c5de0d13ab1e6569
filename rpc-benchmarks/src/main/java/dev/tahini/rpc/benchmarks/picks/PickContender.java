package dev.tahini.rpc.benchmarks.picks;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.benchmarks.harness.BenchmarkCall;
import dev.tahini.rpc.benchmarks.harness.BenchmarkChannel;
import dev.tahini.rpc.benchmarks.harness.Policy;
import io.grpc.CallOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Who picks. */
public enum PickContender {
  TAHINI_LEAST_LOADED(Policy.TAHINI, i -> Pick.leastLoaded()),
  TAHINI_RANDOM(Policy.TAHINI, i -> Pick.random()),
  TAHINI_ADDRESS(Policy.TAHINI, i -> Pick.address("10.0.0." + i % 3 + ":80")),
  TAHINI_SHARD(Policy.TAHINI, i -> Pick.shard(key(i))),
  PICK_FIRST(Policy.PICK_FIRST, i -> null),
  ROUND_ROBIN(Policy.ROUND_ROBIN, i -> null),
  LEAST_REQUEST(Policy.LEAST_REQUEST, i -> null),
  RING_HASH(Policy.RING_HASH, i -> null),
  ARMERIA_ROUND_ROBIN(null, i -> null),
  ARMERIA_STICKY(null, i -> null);

  /** A power of two: calls take turns. */
  static final int KEYS = 1024;

  private final @Nullable Policy policy;

  @SuppressWarnings("ImmutableEnumChecker") // stateless
  private final IntFunction<@Nullable Pick> pick;

  PickContender(@Nullable Policy policy, IntFunction<@Nullable Pick> pick) {
    this.policy = policy;
    this.pick = pick;
  }

  static String key(int index) {
    return "user-" + index * 7919;
  }

  /** The name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is gRPC's to drive, and may count its calls. */
  public boolean isPolicy() {
    return policy != null;
  }

  /**
   * Everything that is ready to be picked from, with a call sent for every key.
   *
   * @throws InterruptedException if it was, while it waited for a shard table
   */
  public Picking open(int backends) throws InterruptedException {
    if (policy == null) {
      return armeria(backends);
    }
    BenchmarkChannel channel = BenchmarkChannel.connected(policy, backends);
    for (int i = 0; i < KEYS; i++) {
      channel.awaitBackendFor(call(i));
    }
    return new GrpcPicking(channel.picker(), this::calls, channel);
  }

  private List<BenchmarkCall> calls() {
    return IntStream.range(0, KEYS).mapToObj(this::call).toList();
  }

  private BenchmarkCall call(int index) {
    Pick asked = pick.apply(index);
    CallOptions options =
        asked == null || asked.equals(Pick.leastLoaded())
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withOption(Pick.OPTION, asked);
    return new BenchmarkCall(options, key(index));
  }

  private Picking armeria(int backends) {
    EndpointSelectionStrategy strategy =
        this == ARMERIA_STICKY
            ? EndpointSelectionStrategy.sticky(ArmeriaPicking::keyHash)
            : EndpointSelectionStrategy.weightedRoundRobin();
    List<Endpoint> endpoints =
        BenchmarkChannel.addresses(backends).stream()
            .map(group -> (InetSocketAddress) group.getAddresses().get(0))
            .map(address -> Endpoint.of(address.getAddress().getHostAddress(), address.getPort()))
            .toList();
    Picking picking = new ArmeriaPicking(EndpointGroup.of(strategy, endpoints));
    // It makes its selector at the first pick; a second thread that comes meanwhile finds none.
    picking.turns().pick();
    return picking;
  }
}
