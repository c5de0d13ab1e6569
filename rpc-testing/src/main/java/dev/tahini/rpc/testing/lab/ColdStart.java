package dev.tahini.rpc.testing.lab;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a server warms up: it begins slower by a factor, which falls in a straight line to 1.
 * Immutable.
 *
 * @param factor at its start; 1 for a server that starts warm
 * @param period from its start until the factor is 1
 */
public record ColdStart(double factor, Duration period) {
  static final ColdStart NONE = new ColdStart(1, Duration.ZERO);

  /**
   * Checks the parts.
   *
   * @throws dev.tahini.rpc.InvalidValueException if the factor is below 1 or the period negative
   */
  public ColdStart {
    Checks.factor("factor", factor);
    Checks.notNegative("period", requireNonNull(period, "period"));
  }

  /** How much slower it is some time after its start. */
  double factorAfter(long nanos) {
    long periodNanos = period.toNanos();
    return nanos >= periodNanos ? 1 : 1 + (factor - 1) * (periodNanos - nanos) / periodNanos;
  }
}
