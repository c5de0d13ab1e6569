package dev.tahini.rpc.core;

import io.grpc.Deadline;
import io.grpc.Status;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** The count of each code is exact whenever it is read. */
@Param(name = "code", gen = IntGen.class, conf = "0:1")
public final class EndedOperations {
  private final BackendStats stats = new BackendStats();

  @Operation
  public void startAndEnd(@Param(name = "code") int code) {
    stats.start(Deadline.getSystemTicker(), false);
    stats.end(Status.fromCodeValue(code), 1);
  }

  @Operation
  public long ended(@Param(name = "code") int code) {
    return stats.ended(Status.fromCodeValue(code).getCode());
  }
}
