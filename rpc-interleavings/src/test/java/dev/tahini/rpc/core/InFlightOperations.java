package dev.tahini.rpc.core;

import io.grpc.Deadline;
import io.grpc.Status;
import org.jetbrains.lincheck.datastructures.Operation;

/** The count of calls in flight is exact whenever it is read. */
public final class InFlightOperations {
  private final BackendStats stats = new BackendStats();

  @Operation
  public void start() {
    stats.start(Deadline.getSystemTicker(), false);
  }

  @Operation
  public void end() {
    stats.end(Status.OK, BackendStats.UNTIMED);
  }

  @Operation
  public int inFlight() {
    return stats.inFlight();
  }
}
