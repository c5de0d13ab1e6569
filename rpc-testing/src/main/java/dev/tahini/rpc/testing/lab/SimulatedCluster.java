package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.InvalidValueException;
import dev.tahini.rpc.Pick;
import dev.tahini.rpc.core.ChannelFactory;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.testing.Failure;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * Clients of this library, with all that they are made of, and model servers, in virtual time: a
 * discrete-event simulation with a seed.
 *
 * <pre>{@code
 * Report report =
 *     SimulatedCluster.builder()
 *         .seed(42)
 *         .backends(10, backend -> backend.withConcurrency(4))
 *         .clients(5)
 *         .pick(Pick.leastLoaded())
 *         .load(Arrivals.utilization(0.7))
 *         .at(Duration.ofSeconds(3), cluster -> cluster.crash("b03"))
 *         .warmUp(Duration.ofSeconds(1))
 *         .run(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p>Real are the client with its interceptors and features, discovery's bridge, the balancer, the
 * connections' upkeep, the pickers and the statistics. Models are gRPC's channel, subchannels and
 * calls, the network and the servers.
 *
 * <p>A cluster is there while it runs: what its script is given. Confined to the thread that runs
 * it.
 */
public final class SimulatedCluster {

  /** For comparison: the ready backends in turn. */
  public static final Pick ROUND_ROBIN = Pick.with(RoundRobin.NAME, null);

  /**
   * For comparison: the backend that would be done first, by the servers' true state. No client can
   * know that.
   */
  public static final Pick ORACLE = Pick.with(Oracle.NAME, null);

  private static final Failure BLACK_HOLE =
      Failure.of(Status.UNAVAILABLE.withDescription("the server fails every call"));
  private static final Duration STRIDE = Duration.ofMillis(100);
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(1);

  private final Events events = new Events();
  private final Fleet fleet = new Fleet(events);
  private final Experiment experiment;
  private final TraceLines trace;
  private final Recorder recorder;
  private final Network network;
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final ArrivalProcess arrivals;
  private long callsToMeasure = Long.MAX_VALUE;
  private boolean measured;
  private boolean ended;

  SimulatedCluster(Experiment experiment) {
    this.experiment = experiment;
    this.trace = new TraceLines(experiment.trace());
    this.recorder = new Recorder(fleet, events, trace);
    this.network = new Network(events, experiment.networkDelay().toNanos());
    experiment.servers().forEach(fleet::add);
    SplittableGenerator chance = Chance.of(experiment.seed());
    SplittableGenerator chanceOfArrivals = chance.split();
    for (ClientSpec spec : experiment.clients()) {
      clients.add(newClient(spec, chance.split()));
    }
    this.arrivals =
        new ArrivalProcess(
            events,
            chanceOfArrivals,
            clients,
            experiment.picking(),
            experiment.load().perSecond(experiment.servers()),
            this::callMade);
  }

  /**
   * An experiment to describe.
   *
   * @return a builder with nothing in it
   */
  public static ClusterBuilder builder() {
    return new ClusterBuilder();
  }

  private SimulatedClient newClient(ClientSpec spec, SplittableGenerator chance) {
    SplittableGenerator picks = chance.split();
    SplittableGenerator jitter = chance.split();
    ChannelFactory channels =
        (target, credentials, resolver) -> {
          World world = new World(events, network, fleet, events.newContext(), jitter);
          return new SimulatedChannelBuilder(world, recorder, target, resolver);
        };
    RpcClient.Builder<Channel> builder =
        RpcClient.<Channel>builder(Fleet.SCHEME + ":///servers", Function.identity())
            .discovery(fleet)
            .channelFactory(channels)
            .time(events.time())
            .random(() -> picks)
            .executor(Runnable::run)
            .plaintext()
            .gracePeriod(Duration.ZERO)
            .picker(new RoundRobin(chance.split()))
            .picker(new Oracle(fleet, chance.split()));
    experiment.pickers().forEach(builder::picker);
    ClientContext context = new ClientContext(spec, events.time(), chance.split());
    experiment.customizers().forEach(customizer -> customizer.accept(context, builder));
    return new SimulatedClient(spec, builder.build(), events, recorder, experiment.deadline());
  }

  Report run(Duration length) {
    events.after(experiment.warmUp().plus(length).toNanos(), this::endMeasuring);
    return run();
  }

  Report runCalls(long calls) {
    callsToMeasure = calls;
    return run();
  }

  private Report run() {
    try {
      schedulePhases();
      experiment.script().forEach(step -> scheduleInMeasuring(step.at(), () -> take(step)));
      arrivals.start();
      while (!measured) {
        events.advance(STRIDE);
      }
      drain();
      return recorder.report();
    } finally {
      ended = true;
      clients.forEach(SimulatedClient::close);
    }
  }

  private void schedulePhases() {
    List<Experiment.PhaseStart> phases = experiment.phases();
    if (phases.isEmpty() || !phases.get(0).at().isZero()) {
      scheduleInMeasuring(Duration.ZERO, () -> recorder.phase("all"));
    }
    phases.forEach(start -> scheduleInMeasuring(start.at(), () -> recorder.phase(start.name())));
  }

  private void scheduleInMeasuring(Duration at, Runnable event) {
    events.after(
        experiment.warmUp().plus(at).toNanos(),
        () -> {
          if (!measured) {
            event.run();
          }
        });
  }

  private void take(Experiment.Step step) {
    step.action().accept(this);
  }

  private void callMade() {
    if (recorder.isMeasuring() && --callsToMeasure == 0) {
      endMeasuring();
    }
  }

  private void endMeasuring() {
    recorder.end();
    arrivals.end();
    measured = true;
  }

  /** Lets the calls that count end; those that never do are reported as unfinished. */
  private void drain() {
    Duration drained = Duration.ZERO;
    while (recorder.anyUnfinished() && drained.compareTo(LONGEST_DRAIN) < 0) {
      events.advance(STRIDE);
      drained = drained.plus(STRIDE);
    }
  }

  /**
   * The process of a backend ends: its connections are cut, calls in flight fail with {@code
   * UNAVAILABLE}, new connections are refused. It stays listed.
   *
   * @param backend its name
   * @throws InvalidValueException if there is none of that name, or it is down already
   * @throws IllegalStateException if the simulation has ended
   */
  public void crash(String backend) {
    ModelServer server = inUse("crash", backend);
    if (!server.isUp()) {
      throw new InvalidValueException("backend", backend, "one that is up");
    }
    server.crash();
  }

  /**
   * A crashed backend starts again, cold if it starts so; the clients find it by themselves.
   *
   * @param backend its name
   * @throws InvalidValueException if there is none of that name, or it is up
   * @throws IllegalStateException if the simulation has ended
   */
  public void restore(String backend) {
    ModelServer server = inUse("restore", backend);
    if (server.isUp()) {
      throw new InvalidValueException("backend", backend, "one that crashed");
    }
    server.restore();
  }

  /**
   * A backend becomes slower, for the calls that it begins from now on.
   *
   * @param backend its name
   * @param factor what its service times are multiplied by, in place of its specification's; above
   *     0
   * @throws InvalidValueException if there is none of that name, or the factor is not positive
   * @throws IllegalStateException if the simulation has ended
   */
  public void slow(String backend, double factor) {
    inUse("slow", backend).slow(Checks.positive("factor", factor));
  }

  /**
   * A backend becomes a black hole: it fails each call at once with {@code UNAVAILABLE}.
   *
   * @param backend its name
   * @throws InvalidValueException if there is none of that name
   * @throws IllegalStateException if the simulation has ended
   */
  public void fail(String backend) {
    fail(backend, BLACK_HOLE);
  }

  /**
   * A backend fails each call at once, with a status and trailers of one's choice, such as those
   * that say when to come back.
   *
   * @param backend its name
   * @param failure what every call ends with; its cause is not sent
   * @throws InvalidValueException if there is none of that name
   * @throws IllegalStateException if the simulation has ended
   */
  public void fail(String backend, Failure failure) {
    requireNonNull(failure, "failure");
    inUse("fail", backend).fail(failure);
  }

  /**
   * A backend fails calls no longer, and is as fast as its specification says.
   *
   * @param backend its name
   * @throws InvalidValueException if there is none of that name
   * @throws IllegalStateException if the simulation has ended
   */
  public void heal(String backend) {
    inUse("heal", backend).heal();
  }

  /**
   * A new backend starts, and every client hears of it at once.
   *
   * @param spec with a name of its own
   * @throws InvalidValueException if another has its name
   * @throws IllegalStateException if the simulation has ended
   */
  public void list(ServerSpec spec) {
    requireRunning("list", requireNonNull(spec, "spec").name());
    recorder.added(fleet.add(spec));
    fleet.publish();
  }

  /**
   * A backend that was delisted is listed again.
   *
   * @param backend its name
   * @throws InvalidValueException if there is none of that name, or it is listed
   * @throws IllegalStateException if the simulation has ended
   */
  public void relist(String backend) {
    requireRunning("relist", backend);
    fleet.setListed(backend, true);
    fleet.publish();
  }

  /**
   * Discovery lists a backend no more; it goes on, and finishes its calls.
   *
   * @param backend its name
   * @throws InvalidValueException if there is none of that name, or it is not listed
   * @throws IllegalStateException if the simulation has ended
   */
  public void delist(String backend) {
    requireRunning("delist", backend);
    fleet.setListed(backend, false);
    fleet.publish();
  }

  private ModelServer inUse(String what, String backend) {
    requireRunning(what, backend);
    return fleet.server(backend);
  }

  private void requireRunning(String what, String backend) {
    if (ended) {
      throw new IllegalStateException(
          what + " " + backend + ": the simulation has ended (expected: while it runs, see at)");
    }
    trace.script(events.nanos(), what + " " + backend);
  }
}
