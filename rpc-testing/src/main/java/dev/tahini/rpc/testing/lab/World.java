package dev.tahini.rpc.testing.lab;

import io.grpc.SynchronizationContext;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;

/**
 * The simulated world as one channel and its parts have it. Immutable.
 *
 * @param context the channel's own
 * @param random of the channel's jitter
 */
record World(
    Events events,
    Network network,
    Fleet fleet,
    SynchronizationContext context,
    RandomGenerator random) {

  ScheduledExecutorService scheduler() {
    return events.time().scheduler();
  }
}
