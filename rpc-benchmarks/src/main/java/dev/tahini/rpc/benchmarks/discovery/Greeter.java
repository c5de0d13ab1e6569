package dev.tahini.rpc.benchmarks.discovery;

import dev.tahini.rpc.benchmarks.fleet.EchoFleet;
import dev.tahini.rpc.bind.BindServer;
import java.util.stream.IntStream;

/**
 * A name in DNS whose addresses are those of some backends of a fleet. For one thread.
 *
 * @param bind has the zone {@link #ZONE}
 */
record Greeter(BindServer bind, EchoFleet fleet) {
  static final String ZONE = "test";
  static final int TTL_SECONDS = 1;

  /** A name with a dot at its end is looked for as it is. */
  private static final String NAME = "greeter.test.";

  /** Lists the first backends of the fleet, and no other. */
  void listFirst(int count) {
    bind.replace(
        NAME, "A", TTL_SECONDS, IntStream.range(0, count).mapToObj(EchoFleet::address).toList());
  }

  /** Lists one more. */
  void add(int backend) {
    bind.update("add " + NAME + " " + TTL_SECONDS + " A " + EchoFleet.address(backend));
  }

  /** Lists one no more. */
  void remove(int backend) {
    bind.update("delete " + NAME + " A " + EchoFleet.address(backend));
  }

  /** What a client calls. */
  String target() {
    return "dns:///" + NAME + ":" + fleet.port();
  }
}
