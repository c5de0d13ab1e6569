package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.Picker;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.lab.Experiment.PhaseStart;
import dev.tahini.rpc.testing.lab.Experiment.Step;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Describes an experiment, and runs it. Every method but the last two returns this object. Each run
 * starts from the beginning: with the same description it gives the same report. Not thread-safe.
 */
public final class ClusterBuilder {
  private static final Duration DEFAULT_DELAY = Duration.ofNanos(250_000);

  private final List<ServerSpec> servers = new ArrayList<>();
  private final List<ClientSpec> clients = new ArrayList<>();
  private final List<Picker.Factory> pickers = new ArrayList<>();
  private final List<BiConsumer<? super ClientContext, ? super RpcClient.Builder<Channel>>>
      customizers = new ArrayList<>();
  private final List<Step> script = new ArrayList<>();
  private final List<PhaseStart> phases = new ArrayList<>();
  private long seed;
  private Arrivals load = Arrivals.utilization(0.6);
  private Duration networkDelay = DEFAULT_DELAY;
  private Duration warmUp = Duration.ZERO;
  private DoubleFunction<? extends Pick> picking = quantile -> Pick.leastLoaded();
  private @Nullable Duration deadline;
  private @Nullable Consumer<? super String> trace;

  ClusterBuilder() {}

  /**
   * What all chance comes from: the same seed gives the same trace to the byte.
   *
   * @param seed 0 unless given
   * @return this
   */
  public ClusterBuilder seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Adds a backend.
   *
   * @param spec with a name of its own
   * @return this
   * @throws InvalidValueException if another has its name
   */
  public ClusterBuilder backend(ServerSpec spec) {
    requireNonNull(spec, "spec");
    if (servers.stream().anyMatch(other -> other.name().equals(spec.name()))) {
      throw new InvalidValueException("backend", spec.name(), "a name that no other backend has");
    }
    servers.add(spec);
    return this;
  }

  /**
   * Adds backends, called {@code b00} and on.
   *
   * @param count at least 1
   * @param change makes of each what it shall be
   * @return this
   * @throws InvalidValueException if the count is below 1, or two have one name
   */
  public ClusterBuilder backends(int count, UnaryOperator<ServerSpec> change) {
    Checks.atLeast("backends", count, 1);
    int first = servers.size();
    for (int i = first; i < first + count; i++) {
      backend(change.apply(ServerSpec.of(i < 10 ? "b0" + i : "b" + i)));
    }
    return this;
  }

  /**
   * Adds clients without a zone, called {@code c0} and on; one unless said otherwise.
   *
   * @param count at least 1
   * @return this
   * @throws InvalidValueException if the count is below 1
   */
  public ClusterBuilder clients(int count) {
    return clients(count, "");
  }

  /**
   * Adds clients in a zone.
   *
   * @param count at least 1
   * @param zone where they run
   * @return this
   * @throws InvalidValueException if the count is below 1
   */
  public ClusterBuilder clients(int count, String zone) {
    Checks.atLeast("clients", count, 1);
    int first = clients.size();
    for (int i = first; i < first + count; i++) {
      clients.add(new ClientSpec("c" + i, zone));
    }
    return this;
  }

  /**
   * Changes every client's options, such as to give it a feature, which takes its time and chance
   * from the context:
   *
   * <pre>{@code
   * .client((context, client) -> client.feature(new MyRetries(context.time(), context.random())))
   * }</pre>
   *
   * @param customizer called for each client with its builder, after the lab's own settings
   * @return this
   */
  public ClusterBuilder client(
      BiConsumer<? super ClientContext, ? super RpcClient.Builder<Channel>> customizer) {
    customizers.add(requireNonNull(customizer, "customizer"));
    return this;
  }

  /**
   * Gives every client a picker, for {@link Pick#with}. Two are there already: {@code round_robin}
   * and {@code oracle}.
   *
   * @param factory with a name of its own
   * @return this
   */
  public ClusterBuilder picker(Picker.Factory factory) {
    pickers.add(requireNonNull(factory, "factory"));
    return this;
  }

  /**
   * How every call is picked; least loaded unless given.
   *
   * @param pick such as {@link SimulatedCluster#ORACLE}
   * @return this
   */
  public ClusterBuilder pick(Pick pick) {
    requireNonNull(pick, "pick");
    this.picking = quantile -> pick;
    return this;
  }

  /**
   * How every call is picked, by a key.
   *
   * @param keys which keys there are and how often each comes
   * @param byKey such as {@code Pick::shard}
   * @return this
   */
  public ClusterBuilder pick(Keys keys, Function<? super String, ? extends Pick> byKey) {
    requireNonNull(keys, "keys");
    requireNonNull(byKey, "byKey");
    this.picking = quantile -> byKey.apply(keys.at(quantile));
    return this;
  }

  /**
   * How calls arrive; at 60 % utilization unless given.
   *
   * @param load over all clients
   * @return this
   */
  public ClusterBuilder load(Arrivals load) {
    this.load = requireNonNull(load, "load");
    return this;
  }

  /**
   * How long a message is on the network, one way; 250 us unless given. Connecting takes both ways.
   *
   * @param delay zero or more
   * @return this
   * @throws InvalidValueException if it is negative
   */
  public ClusterBuilder networkDelay(Duration delay) {
    this.networkDelay = Checks.notNegative("networkDelay", requireNonNull(delay, "delay"));
    return this;
  }

  /**
   * The deadline of every call; none unless given.
   *
   * @param deadline from its start; more than zero
   * @return this
   * @throws InvalidValueException if it is not positive
   */
  public ClusterBuilder deadline(Duration deadline) {
    this.deadline = Checks.positive("deadline", requireNonNull(deadline, "deadline"));
    return this;
  }

  /**
   * Lets something happen while measuring.
   *
   * @param at since the measuring began; zero or more, and less than the run is long
   * @param action such as {@code cluster -> cluster.crash("b03")}
   * @return this
   * @throws InvalidValueException if the time is negative
   */
  public ClusterBuilder at(Duration at, Consumer<? super SimulatedCluster> action) {
    script.add(new Step(Checks.notNegative("at", at), requireNonNull(action, "action")));
    return this;
  }

  /**
   * Begins a phase, which the report shows by itself. The first one begins the measuring and is
   * called {@code "all"} unless one is given for time zero.
   *
   * @param at since the measuring began; zero or more, and less than the run is long
   * @param name of the phase
   * @return this
   * @throws InvalidValueException if the time is negative, or not after the last phase's
   */
  public ClusterBuilder phase(Duration at, String name) {
    Duration last = phases.isEmpty() ? null : phases.get(phases.size() - 1).at();
    if (last != null && at.compareTo(last) <= 0) {
      throw new InvalidValueException("phase", at, "after " + last + ", where the last one begins");
    }
    phases.add(new PhaseStart(Checks.notNegative("phase", at), requireNonNull(name, "name")));
    return this;
  }

  /**
   * How long calls arrive before the measuring begins; not at all unless given.
   *
   * @param warmUp zero or more
   * @return this
   * @throws InvalidValueException if it is negative
   */
  public ClusterBuilder warmUp(Duration warmUp) {
    this.warmUp = Checks.notNegative("warmUp", requireNonNull(warmUp, "warmUp"));
    return this;
  }

  /**
   * Where a trace goes: a line for each attempt that ends, {@code seconds client call backend code
   * microseconds}, and one for each event of the script.
   *
   * @param sink takes each line, without its end
   * @return this
   */
  public ClusterBuilder trace(Consumer<? super String> sink) {
    this.trace = requireNonNull(sink, "sink");
    return this;
  }

  /**
   * Runs the experiment and measures for some time; then no more calls arrive, and those in flight
   * go on to their ends, for a minute at most.
   *
   * @param length more than zero
   * @return what was found
   * @throws InvalidValueException if the length is not positive, there is no backend, or something
   *     is to happen after the end
   */
  public Report run(Duration length) {
    Checks.positive("length", requireNonNull(length, "length"));
    Experiment experiment = experiment();
    experiment.script().forEach(step -> requireBefore("at", step.at(), length));
    experiment.phases().forEach(phase -> requireBefore("phase", phase.at(), length));
    return new SimulatedCluster(experiment).run(length);
  }

  /**
   * Runs the experiment and measures a number of calls. What is to happen later does not.
   *
   * @param calls at least 1
   * @return what was found
   * @throws InvalidValueException if the number is below 1, or there is no backend
   */
  public Report runCalls(int calls) {
    return new SimulatedCluster(experiment()).runCalls(Checks.atLeast("calls", calls, 1));
  }

  /** The rate that the load comes to on these backends. */
  double callsPerSecond() {
    return load.perSecond(servers);
  }

  private static void requireBefore(String name, Duration at, Duration length) {
    if (at.compareTo(length) >= 0) {
      throw new InvalidValueException(name, at, "less than " + length + ", the length of the run");
    }
  }

  private Experiment experiment() {
    Checks.atLeast("backends", servers.size(), 1);
    List<ClientSpec> atLeastOne =
        clients.isEmpty() ? List.of(new ClientSpec("c0", "")) : List.copyOf(clients);
    return new Experiment(
        seed,
        servers,
        atLeastOne,
        load,
        networkDelay,
        deadline,
        picking,
        pickers,
        customizers,
        script,
        phases,
        warmUp,
        trace);
  }
}
