package dev.tahini.rpc.benchmarks.discovery;

import dev.tahini.rpc.Pick;
import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc;
import dev.tahini.rpc.benchmarks.echo.v1.EchoGrpc.EchoBlockingStub;
import dev.tahini.rpc.benchmarks.fleet.EchoFleet;
import dev.tahini.rpc.benchmarks.fleet.Traffic;
import dev.tahini.rpc.benchmarks.fleet.Waiting;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import dev.tahini.rpc.bind.BindServer;
import dev.tahini.rpc.core.RpcClient;
import dev.tahini.rpc.discovery.dns.DnsDiscovery;
import dev.tahini.rpc.discovery.dns.DnsOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures how soon a backend is called after {@code nsupdate} listed it in a real DNS server,
 * while calls go on: again and again with this project's discovery, once with gRPC's. Servers and
 * clients are in this process, BIND in one of its own.
 */
public final class DiscoveryRun {
  private static final int ALWAYS_LISTED = 3;
  private static final int MOST_NEWCOMERS = 20;
  private static final int SEED = 1;

  private final Plan plan;
  private final Consumer<String> progress;
  private final Samples samples = new Samples();

  /**
   * A run.
   *
   * @param plan what to measure
   * @param progress told of each round
   */
  public DiscoveryRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to measure.
   *
   * @param rounds of this project's client; the other has one
   * @param longestSeconds how long to wait for a call
   */
  public record Plan(Set<DiscoveryContender> contenders, int rounds, int longestSeconds) {}

  /** Measures it all. */
  public List<Figure> run() throws IOException {
    int newcomers = Math.min(plan.rounds(), MOST_NEWCOMERS);
    try (BindServer bind = BindServer.start(Greeter.ZONE);
        EchoFleet fleet = EchoFleet.start(ALWAYS_LISTED + newcomers)) {
      Greeter greeter = new Greeter(bind, fleet);
      OneMore oneMore = new OneMore(greeter, plan.longestSeconds(), samples);
      for (DiscoveryContender contender : plan.contenders()) {
        greeter.listFirst(ALWAYS_LISTED);
        switch (contender) {
          case TAHINI -> ours(greeter, oneMore, newcomers);
          case ROUND_ROBIN -> grpcs(greeter, oneMore);
        }
      }
    }
    return samples.figures();
  }

  private void ours(Greeter greeter, OneMore oneMore, int newcomers) {
    String server = "127.0.0.1:" + greeter.bind().address().getPort();
    try (RpcClient<EchoBlockingStub> client =
        RpcClient.<EchoBlockingStub>builder(greeter.target(), EchoGrpc::newBlockingStub)
            .plaintext()
            .discovery(new DnsDiscovery(DnsOptions.defaults().withServers(server)))
            .build()) {
      Traffic traffic = new Traffic(client.stub(Pick.random()));
      try (traffic) {
        oneMore.awaitTraffic(ALWAYS_LISTED);
        comeAndGo(client, greeter, oneMore, newcomers);
      }
      add(DiscoveryContender.TAHINI, traffic);
    }
  }

  /** At any moment of the TTL: it begins when the one before was taken off the list. */
  private void comeAndGo(RpcClient<?> client, Greeter greeter, OneMore oneMore, int newcomers) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < plan.rounds(); round++) {
      progress.accept("tahini, round " + (round + 1) + " of " + plan.rounds());
      Waiting.pass(random.nextLong(TimeUnit.SECONDS.toNanos(Greeter.TTL_SECONDS)));
      int newcomer = ALWAYS_LISTED + round % newcomers;
      if (!oneMore.measure(DiscoveryContender.TAHINI, newcomer)) {
        throw oneMore.notCalled(newcomer);
      }
      greeter.remove(newcomer);
      awaitUnlisted(client);
    }
  }

  private void awaitUnlisted(RpcClient<?> client) {
    if (!Waiting.until(
        () -> client.view().snapshot().backends().size() == ALWAYS_LISTED, plan.longestSeconds())) {
      throw new IllegalStateException(
          "a removed backend: listed (expected: for less than " + plan.longestSeconds() + " s)");
    }
  }

  private void grpcs(Greeter greeter, OneMore oneMore) {
    progress.accept("round_robin, for " + plan.longestSeconds() + " s at most");
    DiscoveryContender contender = DiscoveryContender.ROUND_ROBIN;
    BindLookUp lookUp = new BindLookUp(greeter.bind().address());
    ManagedChannel channel = GrpcDns.channel(greeter.target(), lookUp);
    try {
      Traffic traffic = new Traffic(EchoGrpc.newBlockingStub(channel));
      try (traffic) {
        oneMore.awaitTraffic(ALWAYS_LISTED);
        oneMore.measure(contender, ALWAYS_LISTED);
      }
      add(contender, traffic);
      samples.add(Metrics.ONE_MORE, contender.label(), Metrics.LOOK_UPS, lookUp.lookUps());
    } finally {
      channel.shutdownNow();
    }
  }

  private void add(DiscoveryContender contender, Traffic traffic) {
    samples.add(Metrics.CALLS_MADE, contender.label(), Metrics.CALLS, (double) traffic.calls());
    samples.add(Metrics.CALLS_MADE, contender.label(), Metrics.FAILED, (double) traffic.failures());
    StatusRuntimeException failure = traffic.firstFailure();
    if (failure != null) {
      progress.accept(contender.label() + ": the first call that failed: " + failure.getStatus());
    }
  }
}
