package dev.tahini.rpc.testing.lab;

import dev.tahini.rpc.InvalidValueException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a scenario found, by the name of the pick. Immutable.
 *
 * @param scenario which it was
 * @param byPick the reports, in the order of the table: {@code "least loaded"}, {@code "random"},
 *     {@code "round robin"}, {@code "oracle"}, and where keys make sense shards
 */
public record ScenarioReport(Scenario scenario, Map<String, Report> byPick) {

  /** How long a backend must have its share for it to count. */
  private static final int STEADY_SLOTS = 5;

  private static final double MOST_OF_IT = 0.8;

  /** Copies the map. */
  public ScenarioReport {
    byPick = Ordered.copyOf(byPick);
  }

  /**
   * The report of one pick.
   *
   * @param pick its name in the table
   * @return what was found with it
   * @throws InvalidValueException if the scenario does not try it
   */
  public Report of(String pick) {
    Report report = byPick.get(pick);
    if (report == null) {
      throw new InvalidValueException("pick", pick, "one of " + byPick.keySet());
    }
    return report;
  }

  /**
   * How long after the beginning of a phase some backends have at least 80 % of their even share
   * again, over half a second.
   *
   * @param report of one pick
   * @param phase the phase's name
   * @param backends whether a name is one of theirs
   * @return the time in steps of {@link Report#SLOT}, or empty if they never have
   */
  static Optional<Duration> timeToShare(Report report, String phase, Predicate<String> backends) {
    long beganNanos = 0;
    for (Report.Phase each : report.phases()) {
      if (each.name().equals(phase)) {
        break;
      }
      beganNanos += each.length().toNanos();
    }
    int first = (int) (beganNanos / Report.SLOT.toNanos());
    int slots = report.backends().get(0).attemptsBySlot().size();
    long count = report.backends().stream().filter(b -> backends.test(b.name())).count();
    double wanted = MOST_OF_IT * count / report.backends().size();
    for (int slot = first; slot + STEADY_SLOTS <= slots; slot++) {
      if (attempts(report, slot, backends) >= wanted * attempts(report, slot, name -> true)) {
        return Optional.of(Report.SLOT.multipliedBy(slot - first));
      }
    }
    return Optional.empty();
  }

  private static long attempts(Report report, int fromSlot, Predicate<String> backends) {
    return report.backends().stream()
        .filter(backend -> backends.test(backend.name()))
        .flatMap(
            backend -> backend.attemptsBySlot().subList(fromSlot, fromSlot + STEADY_SLOTS).stream())
        .mapToLong(Integer::longValue)
        .sum();
  }

  /** The table in Markdown: a row for each pick, or for each of its phases. */
  @Override
  public String toString() {
    return ScenarioTable.of(this);
  }
}
