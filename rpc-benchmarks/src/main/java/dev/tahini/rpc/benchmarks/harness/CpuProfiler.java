package dev.tahini.rpc.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * JMH's: the time that its workers spent on a processor, by operation. Where another program has
 * the processor the clock on the wall runs on, and this one does not. The JIT and GC have threads
 * of their own, which do not count.
 */
public final class CpuProfiler implements InternalProfiler {
  static final String LABEL = "cpu.norm";

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long startNanos;

  /** For JMH. */
  public CpuProfiler() {}

  @Override
  public String getDescription() {
    return "CPU time of the workers by operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    startNanos = workersNanos();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double nanos = (double) (workersNanos() - startNanos) / result.getMetadata().getAllOps();
    return List.of(new ScalarResult(LABEL, nanos, "ns/op", AggregationPolicy.AVG));
  }

  private long workersNanos() {
    long nanos = 0;
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().contains("-jmh-worker-")) {
        nanos += Math.max(threads.getThreadCpuTime(id), 0);
      }
    }
    return nanos;
  }
}
