package dev.tahini.rpc.benchmarks.shards;

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
import org.openjdk.jmh.infra.Blackhole;

/** JMH's: one look-up, from the key's bytes to its owner. {@link ShardRun} starts it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookUpBenchmark {
  /** A power of two: keys take turns. */
  private static final int KEYS = 4096;

  /** One thread's placement. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // by JMH
  public static class Own {
    /** Whose. */
    @Param({"TAHINI"})
    public ShardContender contender;

    /** Among how many. */
    @Param("1000")
    public int backends;

    private Placement placement;
    private LookUps lookUps;
    private int turn;

    /** Builds it, and looks each key up once. */
    @Setup
    public void open() {
      placement = contender.open(Fleet.of(0, backends).endpoints());
      lookUps = placement.lookUps(new ShardKeys(KEYS));
      LookUps.owners(lookUps, KEYS);
    }

    /** Ends it. */
    @TearDown
    public void close() {
      placement.close();
    }
  }

  /** One look-up. */
  @Benchmark
  public void lookUp(Own own, Blackhole sink) {
    own.turn = (own.turn + 1) & (KEYS - 1);
    own.lookUps.lookUp(own.turn, sink);
  }
}
