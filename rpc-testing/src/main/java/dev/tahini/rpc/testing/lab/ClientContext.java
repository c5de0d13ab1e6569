package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;

import dev.tahini.rpc.TimeSource;
import java.util.random.RandomGenerator;

/**
 * What a client lives in, for features that need time and chance: with others than these a
 * simulation would wait for real time, or not repeat.
 *
 * @param client which one it is
 * @param time the simulation's; its scheduler runs on the simulation's thread
 * @param random the client's own, split off the seed
 */
public record ClientContext(ClientSpec client, TimeSource time, RandomGenerator random) {

  /** Checks that all is there. */
  public ClientContext {
    requireNonNull(client, "client");
    requireNonNull(time, "time");
    requireNonNull(random, "random");
  }
}
