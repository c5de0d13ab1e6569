package dev.tahini.rpc.benchmarks.life;

import com.sun.management.ThreadMXBean;
import dev.tahini.rpc.benchmarks.harness.BenchmarkChannel;
import dev.tahini.rpc.benchmarks.harness.BenchmarkSubchannel;
import dev.tahini.rpc.benchmarks.harness.Policy;
import dev.tahini.rpc.benchmarks.report.Figure;
import dev.tahini.rpc.benchmarks.report.Samples;
import io.grpc.EquivalentAddressGroup;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures what happens seldom: the start of a channel, a connection that is lost and one that is
 * back, one endpoint more. Each contender has its turn in every round, all in this process and on
 * this thread, where their allocations are counted.
 */
public final class LifeRun {
  /** A connection that is lost sooner than this after it was made is another matter. */
  private static final long SHORT_LIVED_NANOS = TimeUnit.MILLISECONDS.toNanos(1100);

  private static final int CHANGES = 50;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Samples samples = new Samples();
  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * A run.
   *
   * @param plan what to measure
   * @param progress told of each round
   */
  public LifeRun(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * How much to measure.
   *
   * @param backends numbers of them
   * @param rounds that count, after one that does not
   */
  public record Plan(List<Integer> backends, Set<Policy> contenders, int rounds) {}

  /** Measures it all. */
  public List<Figure> run() {
    for (int backends : plan.backends()) {
      for (int round = 0; round <= plan.rounds(); round++) {
        progress.accept("N=" + backends + ", round " + round + " of " + plan.rounds());
        for (Policy policy : plan.contenders()) {
          live(policy, backends, round == 0 ? new Samples() : samples);
        }
      }
    }
    return samples.figures();
  }

  private void live(Policy policy, int backends, Samples into) {
    Meter meter = new Meter(into, policy.label(), ", N=" + backends);
    List<EquivalentAddressGroup> more = BenchmarkChannel.addresses(backends + 1);
    List<EquivalentAddressGroup> listed = more.subList(0, backends);
    try (BenchmarkChannel channel = new BenchmarkChannel(policy)) {
      meter.measure("start", 1, () -> channel.start(listed));
      requireReady(channel, policy, backends);
      change(channel, meter);
      int known = channel.subchannels().size();
      meter.measure(
          "one endpoint more",
          1,
          () -> {
            channel.resolve(more);
            channel.connectWanted(known);
          });
    }
  }

  private static void requireReady(BenchmarkChannel channel, Policy policy, int backends) {
    long ready = channel.subchannels().stream().filter(BenchmarkSubchannel::isReady).count();
    if (ready != backends && policy != Policy.RING_HASH) { // which connects owners of keys only
      throw new IllegalStateException(policy + ": " + ready + " of " + backends + " are ready");
    }
  }

  /** Of those that are ready some last for a while and are lost then; the others do not matter. */
  private static void change(BenchmarkChannel channel, Meter meter) {
    Deque<BenchmarkSubchannel> ready = new ArrayDeque<>();
    channel.subchannels().stream().filter(BenchmarkSubchannel::isReady).forEach(ready::add);
    int changes = Math.min(CHANGES, ready.size() / 2);
    List<BenchmarkSubchannel> measured = ready.stream().limit(changes).toList();
    List<BenchmarkSubchannel> others = ready.stream().skip(changes).toList();
    long start = System.nanoTime();
    for (int i = 0; System.nanoTime() - start < SHORT_LIVED_NANOS; i++) {
      BenchmarkSubchannel other = others.get(i % others.size());
      other.lost();
      other.connected();
    }
    meter.measure("connection lost", changes, () -> measured.forEach(BenchmarkSubchannel::lost));
    meter.measure(
        "connection back", changes, () -> measured.forEach(BenchmarkSubchannel::connected));
  }

  /** Time and bytes of this thread. */
  private final class Meter {
    private final Samples into;
    private final String contender;
    private final String suffix;

    Meter(Samples into, String contender, String suffix) {
      this.into = into;
      this.contender = contender;
      this.suffix = suffix;
    }

    void measure(String what, int times, Runnable task) {
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      task.run();
      double nanos = System.nanoTime() - start;
      bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
      into.add(what + suffix, contender, "us", nanos / 1000 / times);
      into.add(what + suffix, contender, "kB", bytes / 1000.0 / times);
    }
  }
}
