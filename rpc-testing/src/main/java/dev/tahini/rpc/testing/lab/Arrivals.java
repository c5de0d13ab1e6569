package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import java.util.Collection;

/**
 * How calls arrive: an open loop, whose callers do not wait for answers. A Poisson process over all
 * clients; each call is any client's with the same probability. Immutable.
 */
public sealed interface Arrivals {

  /**
   * A rate of calls.
   *
   * @param perSecond over all clients; more than 0
   * @return the arrivals
   * @throws InvalidValueException if the rate is not positive
   */
  static Arrivals poisson(double perSecond) {
    return new Poisson(perSecond);
  }

  /**
   * A part of what the servers can serve that are there at the beginning, each at its nominal
   * speed: slowdowns, cold starts and failures leave the rate as it is.
   *
   * @param part such as 0.7; more than 0, and more than 1 for an overload
   * @return the arrivals
   * @throws InvalidValueException if the part is not positive
   */
  static Arrivals utilization(double part) {
    return new Utilization(part);
  }

  /** The rate for a fleet. */
  double perSecond(Collection<ServerSpec> fleet);

  /**
   * {@link Arrivals#poisson}.
   *
   * @param perSecond calls over all clients
   */
  record Poisson(double perSecond) implements Arrivals {

    /** Checks the rate. */
    public Poisson {
      Checks.positive("perSecond", perSecond);
    }

    @Override
    public double perSecond(Collection<ServerSpec> fleet) {
      return perSecond;
    }
  }

  /**
   * {@link Arrivals#utilization}.
   *
   * @param part of the fleet's capacity
   */
  record Utilization(double part) implements Arrivals {

    /** Checks the part. */
    public Utilization {
      Checks.positive("part", part);
    }

    @Override
    public double perSecond(Collection<ServerSpec> fleet) {
      return part * fleet.stream().mapToDouble(ServerSpec::capacityPerSecond).sum();
    }
  }
}
