package dev.tahini.rpc.testing.lab;

import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Counts the calls of one phase. */
final class PhaseMeter {
  private static final int DIGITS = 3;

  private final String name;
  private final long beganNanos;
  private final Map<Status.Code, Long> failed = new TreeMap<>();
  private final Map<String, Long> attempts = new LinkedHashMap<>();
  private final Histogram micros = new Histogram(DIGITS);
  private long lengthNanos;
  private long calls;
  private long ended;
  private long buffered;
  private long zoneCrossings;

  PhaseMeter(String name, long beganNanos) {
    this.name = name;
    this.beganNanos = beganNanos;
  }

  void callArrived() {
    calls++;
  }

  void callEnded(Status status, long tookNanos) {
    ended++;
    if (status.isOk()) {
      micros.recordValue(Math.round(tookNanos / 1e3));
    } else {
      failed.merge(status.getCode(), 1L, Long::sum);
    }
  }

  void buffered() {
    buffered++;
  }

  void attempt(String backend, boolean crossesZones) {
    attempts.merge(backend, 1L, Long::sum);
    zoneCrossings += crossesZones ? 1 : 0;
  }

  long unfinished() {
    return calls - ended;
  }

  void end(long nowNanos) {
    lengthNanos = nowNanos - beganNanos;
  }

  /** Adds what another phase counted. */
  void add(PhaseMeter other) {
    lengthNanos += other.lengthNanos;
    calls += other.calls;
    ended += other.ended;
    buffered += other.buffered;
    zoneCrossings += other.zoneCrossings;
    other.failed.forEach((code, count) -> failed.merge(code, count, Long::sum));
    other.attempts.forEach((backend, count) -> attempts.merge(backend, count, Long::sum));
    micros.add(other.micros);
  }

  Report.Phase report() {
    return new Report.Phase(
        name,
        Duration.ofNanos(lengthNanos),
        calls,
        failed,
        unfinished(),
        buffered,
        attempts.values().stream().mapToLong(Long::longValue).sum(),
        zoneCrossings,
        attempts,
        Latencies.of(micros));
  }
}
