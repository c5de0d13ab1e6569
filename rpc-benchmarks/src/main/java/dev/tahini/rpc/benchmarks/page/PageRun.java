package dev.tahini.rpc.benchmarks.page;

import com.sun.management.ThreadMXBean;
import dev.tahini.rpc.benchmarks.calls.ChildProcess;
import dev.tahini.rpc.benchmarks.calls.ClosedLoop;
import dev.tahini.rpc.benchmarks.calls.EchoServers;
import dev.tahini.rpc.benchmarks.calls.EchoStubs;
import dev.tahini.rpc.benchmarks.calls.StubKind;
import dev.tahini.rpc.benchmarks.calls.Usage;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import dev.tahini.rpc.debug.http.DebugRequest;
import dev.tahini.rpc.debug.http.DebugResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Measures what an answer of the page costs, and what calls notice of a page that is there and of
 * one that is loaded 50 times a second, or of a file that is and needs no work. The servers have a
 * process of their own; the page, its reader and the callers share this one.
 */
public final class PageRun {
  private static final int IN_FLIGHT = 16;
  private static final String PAGE = "/debug/backends";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Plan plan;
  private final Consumer<String> progress;
  private Samples samples = new Samples();

  /**
   * A run.
   *
   * @param plan what to measure
   * @param progress told of each part
   */
  public PageRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to measure.
   *
   * @param fleets the numbers of backends
   * @param rounds that count
   * @param warmUpRounds before those
   * @param warmUpAnswers before those
   * @param millis of calls for each contender in each round
   * @param answers of each kind in each round
   */
  public record Plan(
      List<Integer> fleets,
      int rounds,
      int warmUpRounds,
      int warmUpAnswers,
      int millis,
      int answers) {
    /** The usual. */
    public static final List<Integer> FLEETS = List.of(4, 1_000);
  }

  /** Measures it all. */
  public List<Figure> run() throws IOException, InterruptedException, ExecutionException {
    Samples counted = samples;
    for (int backends : plan.fleets()) {
      try (ChildProcess servers =
          new ChildProcess(EchoServers.class, List.of("-Xmx512m"), List.of("" + backends))) {
        measure(backends, servers.hear(), counted);
      }
    }
    return counted.figures();
  }

  private void measure(int backends, String addresses, Samples counted)
      throws IOException, InterruptedException, ExecutionException {
    try (WatchedClient watched = WatchedClient.of(addresses);
        EchoStubs unwatched = WatchedClient.unwatched(addresses);
        Poller page = new Poller(watched.server().address(), PAGE);
        Poller file = new Poller(watched.server().address(), PAGE + "/page.css")) {
      progress.accept("N=" + backends + ", warm-up");
      page.warmUp(plan.warmUpAnswers());
      file.warmUp(plan.warmUpAnswers());
      for (int round = 1 - plan.warmUpRounds(); round <= plan.rounds(); round++) {
        String which = round > 0 ? "round " + round + " of " + plan.rounds() : "warm-up";
        progress.accept("N=" + backends + ", " + which);
        samples = round > 0 ? counted : new Samples();
        List<Turn> turns = turns(Metrics.calls(backends), watched, unwatched, page, file);
        if (round % 2 == 0) {
          Collections.reverse(turns);
        }
        for (Turn turn : turns) {
          turn.take();
        }
        answers(Metrics.answer(backends), watched);
      }
    }
  }

  private interface Turn {
    void take() throws IOException, InterruptedException, ExecutionException;
  }

  private List<Turn> turns(
      String scenario, WatchedClient watched, EchoStubs unwatched, Poller page, Poller file) {
    return new ArrayList<>(
        List.of(
            () -> add(scenario, Metrics.NO_PAGE, call(unwatched)),
            () -> add(scenario, Metrics.PAGE, call(watched.stubs())),
            () -> polled(scenario, Metrics.FILE_POLLED, watched, file),
            () -> polled(scenario, Metrics.POLLED, watched, page)));
  }

  private void polled(String scenario, String contender, WatchedClient watched, Poller poller)
      throws IOException, InterruptedException, ExecutionException {
    Poller.Polling polling = poller.start();
    Usage used = call(watched.stubs());
    double perSecond = polling.stop();
    add(scenario, contender, used);
    samples.add(scenario, contender, Metrics.POLLS, perSecond);
  }

  private Usage call(EchoStubs stubs) throws InterruptedException, ExecutionException {
    return new ClosedLoop(IN_FLIGHT).run(stubs, StubKind.FUTURE, plan.millis());
  }

  private void add(String scenario, String contender, Usage used) {
    samples.add(scenario, contender, Metrics.CALLS, used.callsPerSecond());
    samples.add(scenario, contender, Metrics.CPU, used.cpuMicrosPerCall());
    samples.add(scenario, contender, Metrics.BYTES, used.bytesPerCall());
  }

  private void answers(String scenario, WatchedClient watched) {
    answer(scenario, Metrics.HTML, () -> body(watched, ""));
    answer(scenario, Metrics.JSON, () -> body(watched, ".json"));
    answer(scenario, Metrics.METRICS, () -> body(watched, "/metrics"));
    measure(scenario, Metrics.SNAPSHOT, () -> watched.client().view().snapshot());
  }

  private static byte[] body(WatchedClient watched, String suffix) {
    DebugRequest request =
        new DebugRequest(
            "GET",
            PAGE + suffix,
            "",
            Map.of("Host", "localhost"),
            InetAddress.getLoopbackAddress());
    DebugResponse response = watched.pages().answer(request);
    if (response.status() != 200) {
      throw new IllegalStateException("the page: status " + response.status());
    }
    return response.body();
  }

  private void answer(String scenario, String contender, Supplier<byte[]> body) {
    measure(scenario, contender, body);
    samples.add(scenario, contender, Metrics.SENT, body.get().length / 1e3);
  }

  private void measure(String scenario, String contender, Supplier<?> made) {
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    for (int i = 0; i < plan.answers(); i++) {
      if (made.get() == null) {
        throw new IllegalStateException(contender + ": nothing");
      }
    }
    double millis = (System.nanoTime() - start) / 1e6;
    double allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
    samples.add(scenario, contender, Metrics.MILLIS, millis / plan.answers());
    samples.add(scenario, contender, Metrics.ALLOCATED, allocated / 1e3 / plan.answers());
  }
}
