package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;

/**
 * One of the clients of a simulation. Immutable.
 *
 * @param name such as {@code "c3"}
 * @param zone where it runs; empty if that does not matter
 */
public record ClientSpec(String name, String zone) {

  /**
   * Checks the name.
   *
   * @throws dev.tahini.rpc.InvalidValueException if it is empty or has white space
   */
  public ClientSpec {
    Checks.named("name", requireNonNull(name, "name"));
    requireNonNull(zone, "zone");
  }
}
