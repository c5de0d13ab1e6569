package dev.tahini.rpc.discovery.dns;

import java.util.random.RandomGenerator;

/** How long to wait until DNS is asked again: any time between two, so that a fleet spreads. */
record Delay(long fromNanos, long toNanos) {

  long drawNanos(RandomGenerator random) {
    return random.nextLong(fromNanos, toNanos + 1);
  }
}
