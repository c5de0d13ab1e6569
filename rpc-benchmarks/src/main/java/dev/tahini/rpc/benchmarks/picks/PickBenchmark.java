package dev.tahini.rpc.benchmarks.picks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JMH's: one pick, and one pick with the bookkeeping of its call. {@link PickRun} starts it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickBenchmark {

  /** What the threads share. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // by JMH
  public static class Shared {
    /** Who picks. */
    @Param({"TAHINI_LEAST_LOADED"})
    public PickContender contender;

    /** From how many. */
    @Param("100")
    public int backends;

    private Picking picking;

    /** Connects everything. */
    @Setup
    public void open() throws InterruptedException {
      picking = contender.open(backends);
    }

    /** Ends it. */
    @TearDown
    public void close() {
      picking.close();
    }
  }

  /** What each thread has of its own. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // by JMH
  public static class Own {
    private Picking.Turns turns;

    /** Makes the calls that will take turns. */
    @Setup
    public void make(Shared shared) {
      turns = shared.picking.turns();
    }
  }

  /** One pick. */
  @Benchmark
  public Object pick(Own own) {
    return own.turns.pick();
  }

  /** One pick, and what the policy counts when its call starts and ends. */
  @Benchmark
  public Object call(Own own) {
    return own.turns.call();
  }
}
