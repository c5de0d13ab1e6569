package dev.tahini.rpc;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * A number that a feature would have pages and metrics show of a client, such as the balance of its
 * retry budget. Immutable.
 *
 * @param name in small letters, with underscores and the unit at the end, as Prometheus has names:
 *     {@code retry_budget_balance}; of a count that only grows it ends in {@code _total}
 * @param help what it says, in a sentence
 * @param value may be infinite, not NaN
 */
public record Figure(String name, String help, double value) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  /**
   * Checks the parts.
   *
   * @throws InvalidValueException if the name has other characters, or the value is NaN
   */
  public Figure {
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new InvalidValueException("name", name, "small letters, digits and single underscores");
    }
    requireNonNull(help, "help");
    if (Double.isNaN(value)) {
      throw new InvalidValueException("value", value, "a number");
    }
  }
}
