package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.kubernetes.KubernetesBars;
import dev.tahini.rpc.benchmarks.kubernetes.KubernetesContender;
import dev.tahini.rpc.benchmarks.kubernetes.KubernetesRun;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "kubernetes",
    description = {
      "Time from a change of an EndpointSlice to the first call on the new pod, and what a list of"
          + " 5,000 endpoints and a change of one cost. About a minute; with --quick 15 seconds.",
      "Contenders: tahini, as it comes, which gathers changes for 50 ms; tahini_at_once, which does"
          + " not; fabric8, the informer of that client, by which the others are divided (x).",
    })
final class KubernetesCommand implements Callable<Integer> {
  private static final int USUAL_ROUNDS = 20;
  private static final int QUICK_ROUNDS = 3;
  private static final int WARM_UP_ROUNDS = 3;

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    Set<KubernetesContender> contenders =
        Choice.of(KubernetesContender.class, KubernetesContender::label, options.contenders);
    int rounds = Choice.rounds(options.rounds, options.quick ? QUICK_ROUNDS : USUAL_ROUNDS);
    KubernetesRun.Plan plan = new KubernetesRun.Plan(contenders, rounds, WARM_UP_ROUNDS);
    return options.run(
        "kubernetes",
        new KubernetesRun(plan, RunOptions::progress)::run,
        KubernetesBars.all(),
        scenario -> KubernetesContender.FABRIC8.label());
  }
}
