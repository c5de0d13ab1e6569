package dev.tahini.rpc.benchmarks.kubernetes;

import dev.tahini.rpc.apiserver.FakeApiServer;
import dev.tahini.rpc.benchmarks.fleet.EchoFleet;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures how soon a pod is called after a slice has it, and what a big service costs a client. A
 * server that stands in for Kubernetes' is in this process, as are the pods.
 */
public final class KubernetesRun {
  private final Plan plan;
  private final Consumer<String> progress;
  private final Samples samples = new Samples();

  /**
   * A run.
   *
   * @param plan what to measure
   * @param progress told of each part
   */
  public KubernetesRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to measure.
   *
   * @param rounds of each contender that count
   * @param warmUpRounds of the big service, before those
   */
  public record Plan(Set<KubernetesContender> contenders, int rounds, int warmUpRounds) {}

  /** Measures it all. */
  public List<Figure> run() throws IOException {
    onePodMore();
    bigService();
    return samples.figures();
  }

  private void onePodMore() throws IOException {
    try (FakeApiServer server = FakeApiServer.start();
        EchoFleet fleet = EchoFleet.start(OnePodMore.ALWAYS_LISTED + 1)) {
      for (KubernetesContender contender : plan.contenders()) {
        progress.accept(contender.label() + ", " + Metrics.ONE_MORE);
        new OnePodMore(server, fleet, plan.rounds(), samples).measure(contender);
      }
    }
  }

  /** Without the one that gathers changes: it would cost the same, and wait beside that. */
  private void bigService() {
    List<KubernetesContender> contenders =
        plan.contenders().stream().filter(each -> each != KubernetesContender.TAHINI).toList();
    if (contenders.isEmpty()) {
      return;
    }
    try (FakeApiServer server = FakeApiServer.builder().historyLength(10_000).start()) {
      BigService service = BigService.on(server);
      for (int round = 1 - plan.warmUpRounds(); round <= plan.rounds(); round++) {
        boolean counts = round > 0;
        String which = counts ? "round " + round + " of " + plan.rounds() : "warm-up";
        progress.accept(Metrics.LIST + ", " + which);
        for (KubernetesContender contender : contenders) {
          service.measure(contender, counts ? samples : new Samples());
        }
      }
    }
  }
}
