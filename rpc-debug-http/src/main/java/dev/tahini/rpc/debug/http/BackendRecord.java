package dev.tahini.rpc.debug.http;

import io.grpc.Status;

/** What is remembered of one backend while it is listed, beyond what it counts itself. */
final class BackendRecord {
  private final String id;
  private final LatencyCounts latencies = new LatencyCounts();
  private final CallSeries series = new CallSeries();

  BackendRecord(String id) {
    this.id = id;
  }

  /** Names it in links and rows: no address may come back as another backend. */
  String id() {
    return id;
  }

  /** Cancelled attempts say nothing of how long an answer takes. */
  void ended(Status status, long tookNanos, long nanoTime) {
    boolean isCancelled = status.getCode() == Status.Code.CANCELLED;
    if (!isCancelled) {
      latencies.note(tookNanos, nanoTime);
    }
    series.note(!status.isOk() && !isCancelled, tookNanos, nanoTime);
  }

  LatencyCounts.Percentiles latency(long nanoTime) {
    return latencies.percentiles(nanoTime);
  }

  CallSeries.Steps series(long nanoTime) {
    return series.read(nanoTime);
  }
}
