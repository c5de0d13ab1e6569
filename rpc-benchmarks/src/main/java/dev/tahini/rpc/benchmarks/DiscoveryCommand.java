package dev.tahini.rpc.benchmarks;

import dev.tahini.rpc.benchmarks.discovery.DiscoveryBars;
import dev.tahini.rpc.benchmarks.discovery.DiscoveryContender;
import dev.tahini.rpc.benchmarks.discovery.DiscoveryRun;
import dev.tahini.rpc.benchmarks.discovery.DiscoveryTable;
import dev.tahini.rpc.benchmarks.report.Bar;
import dev.tahini.rpc.bind.BindServer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "discovery",
    description = {
      "Time from nsupdate to the first call on the new backend, with a real DNS server (BIND 9 has"
          + " to be installed) and a TTL of 1 s. About 90 seconds; with --quick 15. --rounds is of"
          + " tahini; round_robin has one."
    })
final class DiscoveryCommand implements Callable<Integer> {
  private static final int USUAL_ROUNDS = 20;
  private static final int LONGEST_SECONDS = 35;
  private static final int LONGEST_QUICK_SECONDS = 6;

  @Mixin private RunOptions options = new RunOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Supplier<Optional<String>> missing;

  DiscoveryCommand() {
    this(BindServer::missing);
  }

  DiscoveryCommand(Supplier<Optional<String>> missing) {
    this.missing = missing;
  }

  @Override
  public Integer call() throws Exception {
    boolean quick = options.quick;
    DiscoveryRun.Plan plan =
        new DiscoveryRun.Plan(
            contenders(),
            Choice.rounds(options.rounds, quick ? 2 : USUAL_ROUNDS),
            quick ? LONGEST_QUICK_SECONDS : LONGEST_SECONDS);
    requireInstalled();
    List<Bar> bars = DiscoveryBars.all();
    return options.run(
        "discovery",
        new DiscoveryRun(plan, RunOptions::progress)::run,
        figures -> DiscoveryTable.of(figures, bars));
  }

  private Set<DiscoveryContender> contenders() {
    return Choice.of(DiscoveryContender.class, DiscoveryContender::label, options.contenders);
  }

  private void requireInstalled() {
    Optional<String> what = missing.get();
    if (what.isPresent()) {
      throw new ParameterException(spec.commandLine(), what.get());
    }
  }
}
