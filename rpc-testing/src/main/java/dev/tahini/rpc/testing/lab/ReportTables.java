package dev.tahini.rpc.testing.lab;

import static dev.tahini.rpc.testing.lab.Table.millis;
import static dev.tahini.rpc.testing.lab.Table.percent;

import dev.tahini.rpc.testing.lab.Report.BackendReport;
import dev.tahini.rpc.testing.lab.Report.Phase;
import java.util.ArrayList;
import java.util.List;

/** One report as tables. */
final class ReportTables {
  /** Of {@link #calls}. Latencies are those of the calls that succeeded. */
  static final List<String> CALLS =
      List.of("calls", "failed", "", "p50 ms", "p90", "p99", "p99.9", "max");

  private ReportTables() {}

  static List<String> calls(Phase phase) {
    Latencies latencies = phase.latencies();
    return List.of(
        String.valueOf(phase.calls()),
        String.valueOf(phase.failures()),
        percent(phase.failedShare()),
        millis(latencies.p50Micros()),
        millis(latencies.p90Micros()),
        millis(latencies.p99Micros()),
        millis(latencies.p999Micros()),
        millis(latencies.maxMicros()));
  }

  static String of(Report report) {
    List<String> header = new ArrayList<>(List.of("phase"));
    header.addAll(CALLS);
    Table phases = new Table(1, header);
    report.phases().forEach(phase -> phases.row(cells(phase.name(), phase)));
    if (report.phases().size() > 1) {
      phases.row(cells("total", report.total()));
    }
    return phases.render() + "\n" + backends(report.backends());
  }

  private static List<String> cells(String name, Phase phase) {
    List<String> cells = new ArrayList<>(List.of(name));
    cells.addAll(calls(phase));
    return cells;
  }

  static String backends(List<BackendReport> backends) {
    Table table =
        new Table(
            2,
            List.of(
                "backend", "zone", "attempts", "share", "failed", "peak", "busy", "p50 ms", "p99"));
    for (BackendReport backend : backends) {
      table.row(
          List.of(
              backend.name(),
              backend.zone(),
              String.valueOf(backend.attempts()),
              percent(backend.share()),
              String.valueOf(backend.failed()),
              String.valueOf(backend.peakInFlight()),
              percent(backend.utilization()),
              millis(backend.latencies().p50Micros()),
              millis(backend.latencies().p99Micros())));
    }
    return table.render();
  }
}
