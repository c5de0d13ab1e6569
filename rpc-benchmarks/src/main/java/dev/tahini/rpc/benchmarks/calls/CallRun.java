package dev.tahini.rpc.benchmarks.calls;

import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Loads four servers over loopback. The servers have a process of their own, and so has each
 * contender, so that none shares a class, a profile or a heap with another; one at a time calls. In
 * every round each contender has its turn. The processes of the contenders are replaced by fresh
 * ones several times in a run, because what the JIT made of one is one draw of several.
 */
public final class CallRun {
  private static final int SERVERS = 4;
  private static final int WARM_UP_TURNS = 1;

  private final Plan plan;
  private final Consumer<String> progress;
  private final Samples samples = new Samples();

  /**
   * A run.
   *
   * @param plan what to measure
   * @param progress told of each set of processes
   */
  public CallRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to measure.
   *
   * @param forks fresh sets of processes
   * @param rounds of all of them together
   * @param millis of each measurement
   */
  public record Plan(
      List<CallScenario> scenarios,
      Set<CallContender> contenders,
      int forks,
      int rounds,
      int millis) {}

  /** Measures it all; minutes. */
  public List<Figure> run() throws IOException {
    for (int fork = 0; fork < plan.forks(); fork++) {
      int from = plan.rounds() * fork / plan.forks();
      int to = plan.rounds() * (fork + 1) / plan.forks();
      progress.accept("processes " + (fork + 1) + " of " + plan.forks());
      measure(to - from);
    }
    return samples.figures();
  }

  private void measure(int rounds) throws IOException {
    List<ChildProcess> started = new ArrayList<>();
    try {
      ChildProcess servers =
          started(
              started,
              new ChildProcess(
                  EchoServers.class, List.of("-Xms256m", "-Xmx256m"), List.of("" + SERVERS)));
      String addresses = servers.hear();
      Map<CallContender, ChildProcess> workers = new LinkedHashMap<>();
      for (CallContender contender : plan.contenders()) {
        workers.put(contender, started(started, worker(contender, addresses)));
      }
      warmUp(workers);
      for (CallScenario scenario : plan.scenarios()) {
        progress.accept(scenario.label());
        measure(scenario, workers, rounds);
      }
    } finally {
      started.forEach(ChildProcess::close);
    }
  }

  private static ChildProcess started(List<ChildProcess> all, ChildProcess one) {
    all.add(one);
    return one;
  }

  private static ChildProcess worker(CallContender contender, String addresses) throws IOException {
    return new ChildProcess(
        CallWorker.class,
        List.of("-Xms512m", "-Xmx512m", "-D" + Policy.HEADER_FLAG + "=true"),
        List.of(contender.name(), addresses));
  }

  private void warmUp(Map<CallContender, ChildProcess> workers) throws IOException {
    for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
      for (ChildProcess worker : workers.values()) {
        for (CallScenario scenario : plan.scenarios()) {
          turn(worker, scenario);
        }
      }
    }
  }

  private void measure(CallScenario scenario, Map<CallContender, ChildProcess> workers, int rounds)
      throws IOException {
    List<CallContender> order = new ArrayList<>(workers.keySet());
    for (int round = 0; round < rounds; round++) {
      for (CallContender contender : order) {
        ChildProcess worker = workers.get(contender);
        if (worker != null) {
          add(scenario.label(), contender.label(), turn(worker, scenario));
        }
      }
      Collections.reverse(order);
    }
  }

  private Usage turn(ChildProcess worker, CallScenario scenario) throws IOException {
    worker.say(scenario.kind() + " " + scenario.inFlight() + " " + plan.millis());
    return Usage.parse(worker.hear());
  }

  private void add(String scenario, String contender, Usage used) {
    samples.add(scenario, contender, "calls/s", used.callsPerSecond());
    samples.add(scenario, contender, "CPU us", used.cpuMicrosPerCall());
    samples.add(scenario, contender, "bytes", used.bytesPerCall());
  }
}
