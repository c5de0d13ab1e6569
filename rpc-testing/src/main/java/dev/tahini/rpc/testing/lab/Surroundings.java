package dev.tahini.rpc.testing.lab;

import io.grpc.SynchronizationContext;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * What a simulated channel and its parts live in. Immutable.
 *
 * @param context the channel's own
 * @param random of the channel's jitter
 */
record Surroundings(
    Events events,
    Network network,
    Fleet fleet,
    SynchronizationContext context,
    RandomGenerator random) {

  ScheduledExecutorService scheduler() {
    return events.time().scheduler();
  }
}
