package dev.tahini.rpc.testing.lab;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Counts the attempts on one backend, as the clients see them. */
final class BackendMeter {
  private static final int DIGITS = 3;

  private final Histogram micros = new Histogram(DIGITS);
  private final List<Integer> bySlot = new ArrayList<>();
  private long attempts;
  private long failed;

  void started(int slot) {
    attempts++;
    fillTo(slot + 1);
    bySlot.set(slot, bySlot.get(slot) + 1);
  }

  void ended(Status status, long tookNanos) {
    if (status.isOk()) {
      micros.recordValue(Math.round(tookNanos / 1e3));
    } else {
      failed++;
    }
  }

  private void fillTo(int slots) {
    while (bySlot.size() < slots) {
      bySlot.add(0);
    }
  }

  Report.BackendReport report(ModelServer server, long allAttempts, long lengthNanos, int slots) {
    fillTo(slots);
    ServerSpec spec = server.spec();
    double slotNanos = (double) lengthNanos * spec.concurrency();
    return new Report.BackendReport(
        spec.name(),
        spec.zone(),
        attempts,
        allAttempts == 0 ? 0 : (double) attempts / allAttempts,
        failed,
        server.meter().peakInFlight(),
        slotNanos == 0 ? 0 : server.meter().busyNanos() / slotNanos,
        Latencies.of(micros),
        bySlot);
  }
}
