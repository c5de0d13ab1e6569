package dev.tahini.rpc.testing.lab;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what happens between the beginning and the end of the measuring, by phase. */
final class Recorder implements CallObserver {
  private final Fleet fleet;
  private final Events events;
  private final TraceLines trace;
  private final List<PhaseMeter> phases = new ArrayList<>();
  private final Map<String, BackendMeter> backends = new LinkedHashMap<>();
  private @Nullable PhaseMeter current;
  private long beganNanos;
  private long endedNanos;

  Recorder(Fleet fleet, Events events, TraceLines trace) {
    this.fleet = fleet;
    this.events = events;
    this.trace = trace;
  }

  /** Begins to measure, or a new phase. */
  void phase(String name) {
    long now = events.nanos();
    if (phases.isEmpty()) {
      beganNanos = now;
      fleet.servers().forEach(server -> server.meter().begin(now));
    }
    if (current != null) {
      current.end(now);
    }
    PhaseMeter next = new PhaseMeter(name, now);
    phases.add(next);
    current = next;
  }

  boolean isMeasuring() {
    return current != null;
  }

  void end() {
    endedNanos = events.nanos();
    if (current != null) {
      current.end(endedNanos);
    }
    current = null;
    fleet.servers().forEach(server -> server.meter().end(endedNanos));
  }

  /** A server has come while measuring. */
  void added(ModelServer server) {
    if (isMeasuring()) {
      server.meter().begin(events.nanos());
    }
  }

  /** A call arrives; its end is told to what is returned, if it counts. */
  @Nullable PhaseMeter callArrived() {
    if (current != null) {
      current.callArrived();
    }
    return current;
  }

  boolean anyUnfinished() {
    return phases.stream().anyMatch(phase -> phase.unfinished() > 0);
  }

  @Override
  public void buffered() {
    if (current != null) {
      current.buffered();
    }
  }

  @Override
  public void attemptStarted(CallRequest request, ModelServer server) {
    if (current != null) {
      String name = server.spec().name();
      current.attempt(name, !request.client().zone().equals(server.spec().zone()));
      int slot = (int) ((events.nanos() - beganNanos) / Report.SLOT.toNanos());
      backends.computeIfAbsent(name, unused -> new BackendMeter()).started(slot);
    }
  }

  @Override
  public void attemptEnded(
      CallRequest request, @Nullable ModelServer server, Status status, long startedNanos) {
    long now = events.nanos();
    trace.attempt(now, request, server, status, now - startedNanos);
    boolean counts =
        !phases.isEmpty()
            && startedNanos >= beganNanos
            && (isMeasuring() || startedNanos < endedNanos);
    if (server != null && counts) {
      backends
          .computeIfAbsent(server.spec().name(), unused -> new BackendMeter())
          .ended(status, now - startedNanos);
    }
  }

  Report report() {
    PhaseMeter total = new PhaseMeter("total", beganNanos);
    phases.forEach(total::add);
    Report.Phase all = total.report();
    long lengthNanos = endedNanos - beganNanos;
    int slots = (int) Math.ceil((double) lengthNanos / Report.SLOT.toNanos());
    List<Report.BackendReport> reports = new ArrayList<>();
    for (ModelServer server : fleet.servers()) {
      BackendMeter meter = backends.getOrDefault(server.spec().name(), new BackendMeter());
      reports.add(meter.report(server, all.attempts(), lengthNanos, slots));
    }
    return new Report(all, phases.stream().map(PhaseMeter::report).toList(), reports);
  }
}
