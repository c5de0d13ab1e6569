package dev.tahini.rpc.benchmarks.shards;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.tahini.rpc.Endpoint;
import dev.tahini.rpc.benchmarks.report.Samples;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Time to build a placement in full, and to change it by one backend. All in this process, warm:
 * first everybody works without being measured, then each has its turn in every round, one after
 * the other and the next round backwards. "ms" is the time that this thread spent on a processor,
 * which other programs cannot take from it; the GC's is not in it.
 */
final class BuildRun {
  /** What takes less is repeated until it has taken that. */
  private static final long TURN_NANOS = MILLISECONDS.toNanos(5);

  private static final double NANOS_OF_MILLI = 1e6;

  private final Samples samples;
  private final int rounds;
  private final long warmUpNanos;

  /**
   * A run.
   *
   * @param samples what it adds to
   * @param rounds that count
   * @param warmUpMillis of each contender, before those
   */
  BuildRun(Samples samples, int rounds, int warmUpMillis) {
    this.samples = samples;
    this.rounds = rounds;
    this.warmUpNanos = MILLISECONDS.toNanos(warmUpMillis);
  }

  /** Builds in full. */
  void measureBuilds(List<ShardContender> contenders, int backends) {
    Fleet fleet = Fleet.of(0, backends);
    takeTurns(contenders, (contender, round, into) -> build(contender, fleet, into));
  }

  /** One backend more, one backend less. */
  void measureChanges(List<ShardContender> contenders, int backends) {
    Fleet fleet = Fleet.of(0, backends);
    List<Integer> leavers = fleet.some(rounds);
    takeTurns(
        contenders, (contender, round, into) -> change(contender, fleet, leavers.get(round), into));
  }

  private interface Turn {
    void run(ShardContender contender, int round, Samples into);
  }

  private void takeTurns(List<ShardContender> contenders, Turn turn) {
    for (ShardContender contender : contenders) {
      long start = System.nanoTime();
      while (System.nanoTime() - start < warmUpNanos) {
        turn.run(contender, 0, new Samples());
      }
    }
    List<ShardContender> order = new ArrayList<>(contenders);
    for (int round = 0; round < rounds; round++) {
      for (ShardContender contender : order) {
        turn.run(contender, round, samples);
      }
      Collections.reverse(order);
    }
  }

  private static void build(ShardContender contender, Fleet fleet, Samples into) {
    Clock clock = new Clock();
    while (clock.nanos < TURN_NANOS) {
      clock.start();
      Placement placement = contender.open(fleet.endpoints());
      clock.stop();
      placement.close();
    }
    clock.report(Scenarios.build(fleet.endpoints().size()), contender, into);
  }

  private static void change(ShardContender contender, Fleet fleet, int leaver, Samples into) {
    List<Endpoint> endpoints = fleet.endpoints();
    List<Endpoint> more = fleet.withSpare();
    List<Endpoint> fewer = fleet.without(leaver);
    Clock added = new Clock();
    Clock removed = new Clock();
    try (Placement placement = contender.open(endpoints)) {
      while (added.nanos + removed.nanos < TURN_NANOS) {
        added.start();
        placement.change(more);
        added.stop();
        placement.change(endpoints);
        removed.start();
        placement.change(fewer);
        removed.stop();
        placement.change(endpoints);
      }
    }
    int size = endpoints.size();
    added.report(Scenarios.added(size), contender, into);
    removed.report(Scenarios.removed(size), contender, into);
  }

  /** The mean of what was between its starts and its stops. */
  private static final class Clock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long startNanos;
    private long startCpuNanos;
    private long nanos;
    private long cpuNanos;
    private int times;

    void start() {
      startNanos = System.nanoTime();
      startCpuNanos = THREADS.getCurrentThreadCpuTime();
    }

    void stop() {
      cpuNanos += THREADS.getCurrentThreadCpuTime() - startCpuNanos;
      nanos += System.nanoTime() - startNanos;
      times++;
    }

    void report(String scenario, ShardContender contender, Samples into) {
      into.add(scenario, contender.label(), Scenarios.MILLIS, cpuNanos / NANOS_OF_MILLI / times);
      into.add(scenario, contender.label(), Scenarios.WALL_MILLIS, nanos / NANOS_OF_MILLI / times);
    }
  }
}
