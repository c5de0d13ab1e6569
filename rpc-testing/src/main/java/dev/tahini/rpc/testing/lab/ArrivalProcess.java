package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.Pick;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Lets calls arrive, one after the other. It draws the same numbers for each call whatever the
 * pick: who calls, how hard the call is, its key, and when the next one comes.
 */
final class ArrivalProcess {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Events events;
  private final RandomGenerator random;
  private final List<SimulatedClient> clients;
  private final DoubleFunction<? extends Pick> picking;
  private final Runnable afterEach;
  private final double meanGapNanos;

  /** The time of the next arrival, kept exactly so that rounding does not change the rate. */
  private double nextNanos;

  private long number;
  private boolean ended;

  /**
   * The process of one simulation.
   *
   * @param picking which pick a call carries, by a number in [0, 1)
   * @param afterEach run when a call has been made
   */
  ArrivalProcess(
      Events events,
      RandomGenerator random,
      List<SimulatedClient> clients,
      DoubleFunction<? extends Pick> picking,
      double perSecond,
      Runnable afterEach) {
    this.events = events;
    this.random = random;
    this.clients = clients;
    this.picking = picking;
    this.afterEach = afterEach;
    this.meanGapNanos = NANOS_PER_SECOND / perSecond;
  }

  void start() {
    nextNanos = events.nanos();
    scheduleNext();
  }

  private void scheduleNext() {
    nextNanos += -StrictMath.log1p(-random.nextDouble()) * meanGapNanos;
    events.after(Math.max(Math.round(nextNanos) - events.nanos(), 0), this::arrive);
  }

  private void arrive() {
    if (ended) {
      return;
    }
    SimulatedClient client = clients.get(random.nextInt(clients.size()));
    double quantile = random.nextDouble();
    Pick pick = picking.apply(random.nextDouble());
    scheduleNext();
    client.call(number++, quantile, pick);
    afterEach.run();
  }

  void end() {
    ended = true;
  }
}
