package dev.tahini.rpc.benchmarks.harness;

import java.nio.file.Path;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One measurement by JMH, in a JVM of its own.
 *
 * @param benchmark the class
 * @param method of it
 * @param parameters its values
 * @param threads that run it at once
 * @param millis of each iteration that counts; those before, for the JIT, are twice as long
 * @param log what JMH says of the last fork
 */
public record JmhFork(
    Class<?> benchmark,
    String method,
    Map<String, String> parameters,
    int threads,
    int millis,
    Path log) {
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** Of these the median counts: one that another program disturbed does not. */
  private static final int ITERATIONS = 5;

  /**
   * What one operation costs.
   *
   * @param cpuNanos on a processor
   * @param wallNanos on the clock
   * @param bytes that it allocates
   */
  public record Cost(double cpuNanos, double wallNanos, double bytes) {}

  /** Measures; seconds. */
  public Cost measure() throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(benchmark.getName() + "." + method + "$")
            .threads(threads)
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(2L * millis))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.milliseconds(millis))
            .addProfiler(GCProfiler.class)
            .addProfiler(CpuProfiler.class)
            .jvmArgsAppend("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-D" + Policy.HEADER_FLAG + "=true")
            .output(log.toString())
            .verbosity(VerboseMode.NORMAL)
            .shouldFailOnError(true);
    parameters.forEach(options::param);
    RunResult result = new Runner(options.build()).runSingle();
    return new Cost(
        median(result, CpuProfiler.LABEL),
        result.getPrimaryResult().getStatistics().getPercentile(50),
        counted(median(result, ALLOCATED)));
  }

  private static double median(RunResult result, String label) {
    Result<?> found = result.getSecondaryResults().get(label);
    if (found == null) {
      throw new IllegalStateException("JMH gave no " + label);
    }
    return found.getStatistics().getPercentile(50);
  }

  /** What JMH's own iterations allocate shows as a fraction of a byte. */
  private static double counted(double bytes) {
    return bytes < 0.5 ? 0 : bytes;
  }
}
