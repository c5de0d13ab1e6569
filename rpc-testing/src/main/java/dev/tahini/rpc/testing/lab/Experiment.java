package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All that a simulation is given. Immutable.
 *
 * @param networkDelay one way
 * @param deadline of each call, or null for none
 * @param picking which pick a call carries, by a number in [0, 1)
 * @param warmUp before anything is measured
 * @param trace takes the lines of the trace, or null for none
 */
record Experiment(
    long seed,
    List<ServerSpec> servers,
    List<ClientSpec> clients,
    Arrivals load,
    Duration networkDelay,
    @Nullable Duration deadline,
    DoubleFunction<? extends Pick> picking,
    List<Picker.Factory> pickers,
    List<BiConsumer<? super ClientContext, ? super RpcClient.Builder<Channel>>> customizers,
    List<Step> script,
    List<PhaseStart> phases,
    Duration warmUp,
    @Nullable Consumer<? super String> trace) {

  Experiment {
    servers = List.copyOf(servers);
    clients = List.copyOf(clients);
    pickers = List.copyOf(pickers);
    customizers = List.copyOf(customizers);
    script = List.copyOf(script);
    phases = List.copyOf(phases);
  }

  /** What happens to the servers at a time of the measuring. */
  record Step(Duration at, Consumer<? super SimulatedCluster> action) {}

  /** Where a phase begins in the time of the measuring. */
  record PhaseStart(Duration at, String name) {}
}
