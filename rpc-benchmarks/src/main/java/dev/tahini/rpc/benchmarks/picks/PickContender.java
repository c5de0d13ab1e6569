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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  /** A stub notes in its options what kind of stub it is. */
  private static final CallOptions OF_A_STUB =
      CallOptions.DEFAULT.withOption(CallOptions.Key.create("stub-type"), "ASYNC");

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
    for (BenchmarkCall call : calls()) {
      channel.awaitBackendFor(call);
    }
    return new GrpcPicking(channel.picker(), this::calls, channel);
  }

  /** Those that ask for the same share their options, as the calls of a stub do. */
  private List<BenchmarkCall> calls() {
    Map<Optional<Pick>, CallOptions> options = new HashMap<>();
    return IntStream.range(0, KEYS)
        .mapToObj(
            i ->
                new BenchmarkCall(
                    options.computeIfAbsent(
                        Optional.ofNullable(pick.apply(i)), PickContender::options),
                    key(i)))
        .toList();
  }

  private static CallOptions options(Optional<Pick> asked) {
    return asked
        .filter(pick -> !pick.equals(Pick.leastLoaded()))
        .map(pick -> OF_A_STUB.withOption(Pick.OPTION, pick))
        .orElse(OF_A_STUB);
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
