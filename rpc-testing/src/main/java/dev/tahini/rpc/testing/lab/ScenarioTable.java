package dev.tahini.rpc.testing.lab;

import static dev.tahini.rpc.testing.lab.Table.percent;

import dev.tahini.rpc.testing.lab.Report.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Optional;

/** Lays a scenario's reports out side by side. */
final class ScenarioTable {
  private final ScenarioSetup setup;
  private final boolean phased;
  private final boolean zoned;
  private final Table table;

  private ScenarioTable(ScenarioReport found) {
    Report first = found.byPick().values().iterator().next();
    this.setup = ScenarioSetup.of(found.scenario());
    this.phased = first.phases().size() > 1;
    this.zoned = first.backends().stream().anyMatch(backend -> !backend.zone().isEmpty());
    this.table = new Table(phased ? 2 : 1, header());
  }

  static String of(ScenarioReport found) {
    ScenarioTable tables = new ScenarioTable(found);
    found.byPick().forEach(tables::add);
    String text = tables.table.render();
    return found.scenario() == Scenario.CRASH_AND_RETURN
        ? text + "\n" + returned(found, tables.setup)
        : text;
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of("pick"));
    if (phased) {
      header.add("phase");
    }
    header.addAll(ReportTables.CALLS);
    if (isWatching()) {
      header.add("to " + setup.label());
    }
    if (zoned) {
      header.add("other zone");
    }
    header.addAll(List.of("shares from", "to", "peak"));
    return header;
  }

  private boolean isWatching() {
    return !setup.label().isEmpty();
  }

  private void add(String pick, Report report) {
    if (phased) {
      report.phases().forEach(phase -> table.row(row(pick, phase, report, "")));
    }
    table.row(row(pick, report.total(), report, String.valueOf(report.peakInFlight())));
  }

  private List<String> row(String pick, Phase phase, Report report, String peak) {
    List<String> row = new ArrayList<>(List.of(pick));
    if (phased) {
      row.add(phase.name());
    }
    row.addAll(ReportTables.calls(phase));
    if (isWatching()) {
      row.add(percent(phase.shareOf(setup.watched())));
    }
    if (zoned) {
      row.add(
          percent(phase.attempts() == 0 ? 0 : (double) phase.zoneCrossings() / phase.attempts()));
    }
    LongSummaryStatistics attempts =
        report.backends().stream()
            .mapToLong(backend -> phase.attemptsByBackend().getOrDefault(backend.name(), 0L))
            .summaryStatistics();
    row.add(percent((double) attempts.getMin() / attempts.getSum()));
    row.add(percent((double) attempts.getMax() / attempts.getSum()));
    row.add(peak);
    return row;
  }

  private static String returned(ScenarioReport found, ScenarioSetup setup) {
    List<String> parts = new ArrayList<>();
    found
        .byPick()
        .forEach(
            (pick, report) -> {
              Optional<Duration> time = ScenarioReport.timeToShare(report, "back", setup.watched());
              parts.add(pick + " " + seconds(time));
            });
    return "Back at its share after: " + String.join(", ", parts) + ".\n";
  }

  private static String seconds(Optional<Duration> time) {
    return time.map(t -> String.format(Locale.ROOT, "%.1f s", t.toMillis() / 1e3)).orElse("never");
  }
}
